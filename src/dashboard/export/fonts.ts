const LINK = /url\("?([^")]+)"?\)/;

/** The page's fonts that are in use, as rules with the files in them: what is drawn as an image reaches nothing beside itself. */
export async function fontsInUse(): Promise<string> {
  const ranges = new Set([...document.fonts].filter(({ status }) => status === 'loaded').map(({ unicodeRange }) => unicodeRange));
  const faces = [...document.styleSheets].flatMap(({ href, cssRules }) =>
    [...cssRules].flatMap((rule) =>
      rule instanceof CSSFontFaceRule && ranges.has(rule.style.getPropertyValue('unicode-range')) ? [{ rule: rule.cssText, href }] : [],
    ),
  );
  const rules = await Promise.all(
    faces.map(async ({ rule, href }) => {
      const file = await fetch(new URL(LINK.exec(rule)?.[1] ?? '', href ?? document.baseURI));
      return rule.replace(LINK, `url(data:font/woff2;base64,${base64(new Uint8Array(await file.arrayBuffer()))})`);
    }),
  );
  return rules.join('\n');
}

const base64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
