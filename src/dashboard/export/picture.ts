import { fontsInUse } from './fonts.js';

/** A card as a picture of its own, with the colours and texts it has on the page just now. */
export interface Picture {
  readonly text: string;
  readonly width: number;
  readonly height: number;
}

const SVG = 'http://www.w3.org/2000/svg';
/** Controls have no place in a picture. */
const LEFT_OUT = '.popup-root, .more, .hit, .unseen, .card-controls';
/** On a card while it is drawn: nothing is lit up because the pointer is there. */
const PICTURED = 'pictured';
const COPIED = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'opacity',
  'font-size',
  'font-weight',
  'text-anchor',
];
const EDGE = 16;
const FONT = "'Inter Variable', Inter, system-ui, sans-serif";
/** Characters that XML has no place for. */
// oxlint-disable-next-line no-control-regex
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

function make(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes))
    element.setAttribute(key, String(typeof value === 'number' ? Math.round(value * 100) / 100 : value));
  return element;
}

/**
 * Draws what a card shows as SVG: boxes with their colours, texts where they stand, charts as they are. `caption` stands
 * below the title, in the picture only.
 */
export function svgOf(card: HTMLElement, caption: string): Picture {
  const line = document.createElement('p');
  line.className = 'note';
  line.textContent = caption;
  card.classList.add(PICTURED);
  card.querySelector('figcaption')?.append(line);
  try {
    return drawn(card);
  } finally {
    line.remove();
    card.classList.remove(PICTURED);
  }
}

function drawn(card: HTMLElement): Picture {
  const { left, top, width, height } = card.getBoundingClientRect();
  const root = make('svg', { xmlns: SVG, width, height, viewBox: `0 0 ${Math.round(width)} ${Math.round(height)}`, 'font-family': FONT });
  root.append(make('rect', { width, height, fill: getComputedStyle(card).backgroundColor }));
  for (const child of card.children) draw(child, root, { left, top, right: left + width - EDGE, opacity: 1 });
  return { text: new XMLSerializer().serializeToString(root), width, height };
}

interface Ground {
  readonly left: number;
  readonly top: number;
  /** Where texts end at the latest. */
  readonly right: number;
  readonly opacity: number;
}

function draw(element: Element, into: SVGElement, ground: Ground): void {
  if (element.matches(LEFT_OUT)) return;
  const style = getComputedStyle(element);
  if (style.display === 'none' || style.visibility === 'hidden') return;
  if (element instanceof SVGSVGElement) return copyChart(element, into, ground);
  const box = element.getBoundingClientRect();
  const opacity = ground.opacity * Number(style.opacity);
  fill(box, style, into, ground, opacity);
  const right = style.overflowX === 'visible' ? ground.right : Math.min(ground.right, box.right);
  for (const node of paintOrder(element)) {
    if (node instanceof Text) write(node, style, into, { ...ground, right, opacity });
    else if (node instanceof Element) draw(node, into, { ...ground, right, opacity });
  }
}

/** What is inside an element as it is painted: what lies behind first. */
function paintOrder({ childNodes }: Element): readonly Node[] {
  const isBehind = (node: Node) => node instanceof Element && Number(getComputedStyle(node).zIndex) < 0;
  const nodes = [...childNodes];
  return [...nodes.filter(isBehind), ...nodes.filter((node) => !isBehind(node))];
}

function fill(box: DOMRect, style: CSSStyleDeclaration, into: SVGElement, ground: Ground, opacity: number): void {
  const at = { x: box.left - ground.left, y: box.top - ground.top, width: box.width, opacity };
  if (style.backgroundColor !== 'rgba(0, 0, 0, 0)' && box.width > 0 && box.height > 0) {
    into.append(
      make('rect', { ...at, height: box.height, rx: Number.parseFloat(style.borderTopLeftRadius) || 0, fill: style.backgroundColor }),
    );
  }
  if (style.borderTopStyle === 'dashed' && box.width > 0) {
    const y = box.top - ground.top + Number.parseFloat(style.borderTopWidth) / 2;
    const line = { x1: at.x, x2: at.x + box.width, y1: y, y2: y, stroke: style.borderTopColor, 'stroke-width': style.borderTopWidth };
    into.append(make('line', { ...line, 'stroke-dasharray': '3 2', opacity }));
  }
  if (style.borderBottomStyle === 'solid' && Number.parseFloat(style.borderBottomWidth) > 0) {
    into.append(make('rect', { ...at, y: box.bottom - ground.top - 1, height: 1, fill: style.borderBottomColor }));
  }
}

function write(node: Text, style: CSSStyleDeclaration, into: SVGElement, ground: Ground): void {
  for (const { text, box } of linesOf(node)) {
    const room = ground.right - box.left;
    if (room <= 0) continue;
    const line = make('text', {
      x: (style.direction === 'rtl' ? box.right : box.left) - ground.left,
      y: box.top - ground.top + box.height / 2,
      dy: '0.35em',
      fill: style.color,
      opacity: ground.opacity,
      'font-size': style.fontSize,
      'font-weight': style.fontWeight,
      direction: style.direction,
      ...asWide(Math.min(box.width, room)),
    });
    line.textContent = box.width <= room + 1 ? text : cut(text, room / box.width);
    into.append(line);
  }
}

/** Who looks at the picture may not have the page's font: a text takes the room it has on the page in any. */
const asWide = (textLength: number) => ({ textLength, lengthAdjust: 'spacingAndGlyphs' });

function cut(text: string, part: number): string {
  const letters = Array.from(text);
  return `${letters.slice(0, Math.max(0, Math.floor(letters.length * part) - 1)).join('')}…`;
}

/** The lines that a text takes on the page. */
function linesOf(node: Text): { text: string; box: DOMRect }[] {
  const whole = node.data.replace(UNWRITABLE, '').replace(/\s+/g, ' ');
  if (whole.trim() === '') return [];
  const range = document.createRange();
  range.selectNodeContents(node);
  const boxes = [...range.getClientRects()];
  const first = boxes[0];
  if (first === undefined) return [];
  if (boxes.every(({ top }) => Math.abs(top - first.top) < 2)) return [{ text: whole, box: range.getBoundingClientRect() }];
  const lines: { text: string; box: DOMRect }[] = [];
  let at = 0;
  for (const letter of node.data) {
    range.setStart(node, at);
    at += letter.length;
    range.setEnd(node, at);
    const box = range.getBoundingClientRect();
    const last = lines.at(-1);
    if (last !== undefined && (box.width === 0 || Math.abs(last.box.top - box.top) < 2)) {
      last.text += letter;
      last.box = new DOMRect(last.box.left, last.box.top, Math.max(last.box.width, box.right - last.box.left), last.box.height);
    } else lines.push({ text: letter, box });
  }
  return lines.map(({ text, box }) => ({ text: text.replace(UNWRITABLE, ''), box }));
}

/** A chart's own SVG with the page's styles written into it. */
function copyChart(svg: SVGSVGElement, into: SVGElement, ground: Ground): void {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const sources = svg.querySelectorAll('*');
  copy.querySelectorAll('*').forEach((target, index) => {
    const source = sources[index];
    if (source === undefined) return;
    const style = getComputedStyle(source);
    for (const name of COPIED) target.setAttribute(name, style.getPropertyValue(name));
    for (const name of ['class', 'style', 'tabindex', 'role', 'aria-label', 'aria-pressed']) target.removeAttribute(name);
    if (source instanceof SVGTextElement && source.textContent !== '') {
      for (const [name, value] of Object.entries(asWide(source.getComputedTextLength()))) target.setAttribute(name, String(value));
    }
    if (source.matches(LEFT_OUT)) target.setAttribute('data-out', '');
  });
  for (const node of copy.querySelectorAll('[data-out]')) node.remove();
  const box = svg.getBoundingClientRect();
  const group = make('svg', {
    x: box.left - ground.left,
    y: box.top - ground.top,
    width: box.width,
    height: box.height,
    overflow: 'visible',
    opacity: ground.opacity,
  });
  const view = svg.getAttribute('viewBox');
  if (view !== null) {
    group.setAttribute('viewBox', view);
    group.setAttribute('preserveAspectRatio', svg.getAttribute('preserveAspectRatio') ?? 'xMidYMid');
  }
  group.append(...copy.childNodes);
  into.append(group);
}

const SHARP = 2;

/** The same picture in pixels, two for each of the page, and in the page's font. */
export async function pngOf({ text, width, height }: Picture): Promise<Blob> {
  const inFont = text.replace('>', `><style>${await fontsInUse()}</style>`);
  const url = URL.createObjectURL(new Blob([inFont], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(width * SHARP);
    canvas.height = Math.round(height * SHARP);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob === null ? reject(new Error('the picture is too large')) : resolve(blob)), 'image/png');
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}
