const LINK = /url\("?([^")]+)"?\)/;

/** The page's fonts that are in use, as rules with the files in them: what is drawn as an image reaches nothing beside itself. Those out of reach are left out. */
export async function fontsInUse(): Promise<string> {
  const ranges = new Set([...document.fonts].filter(({ status }) => status === 'loaded').map(({ unicodeRange }) => unicodeRange));
  const faces = [...document.styleSheets].flatMap((sheet) => facesOf(sheet, ranges));
  const rules = await Promise.allSettled(faces.map(withFile));
  return rules.flatMap((rule) => (rule.status === 'fulfilled' ? rule.value : [])).join('\n');
}

function facesOf(sheet: CSSStyleSheet, ranges: ReadonlySet<string>): CSSFontFaceRule[] {
  try {
    return [...sheet.cssRules].flatMap((rule) =>
      rule instanceof CSSFontFaceRule && ranges.has(rule.style.getPropertyValue('unicode-range')) ? [rule] : [],
    );
  } catch {
    // An extension of the browser may have put in a sheet of its own, which nobody else may read.
    return [];
  }
}

async function withFile({ cssText, parentStyleSheet }: CSSFontFaceRule): Promise<string> {
  const file = await fetch(new URL(LINK.exec(cssText)?.[1] ?? '', parentStyleSheet?.href ?? document.baseURI));
  if (!file.ok) throw new Error('the font is not there');
  return cssText.replace(LINK, `url(data:font/woff2;base64,${base64(new Uint8Array(await file.arrayBuffer()))})`);
}

const base64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
