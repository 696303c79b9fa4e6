/** The style of the page: ink is for data, one colour a channel, hairlines, a 4 px grid; light and dark. */
export const CSS = `:root{color-scheme:light dark;--bg:#f6f6f3;--card:#fff;--ink:#15181c;--muted:#5d6570;--line:#e5e5df;--accent:#0a63c2;--telegram:#2b88d0;--whatsapp:#168a5b;--wash:#eef4fb;--good:#12715b;--bad:#b3261e;--warn:#9a5b00}
@media(prefers-color-scheme:dark){:root{--bg:#0e1115;--card:#161a20;--ink:#e9ebee;--muted:#98a2ae;--line:#252b33;--accent:#73b4ff;--telegram:#57a9ea;--whatsapp:#3dbd88;--wash:#16202c;--good:#4cc6a0;--bad:#ff8a80;--warn:#f0b75e}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:14px/20px Inter,system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums;-webkit-font-smoothing:antialiased;-webkit-text-size-adjust:100%}
.wrap{max-width:1280px;margin:0 auto;padding:0 24px}
.top{background:var(--card);border-bottom:1px solid var(--line)}
.top .wrap{display:flex;align-items:center;gap:12px;min-height:56px}
.brand{display:flex;align-items:center;gap:8px;font-weight:650;font-size:16px;letter-spacing:-.01em;margin:0}
.brand svg{width:24px;height:24px;fill:var(--accent)}
.brand path+path{fill:none;stroke:var(--card);stroke-width:1.6;stroke-linecap:round}
.live{margin-left:auto;color:var(--muted);font-size:13px;display:flex;align-items:center;gap:8px}
.dot{width:8px;height:8px;border-radius:50%;background:var(--good);flex:none}
.dot.bad{background:var(--bad)}
.demo{background:var(--wash);border-bottom:1px solid var(--line);font-size:13px;color:var(--muted)}
.demo .wrap{padding-block:8px}
main.wrap{padding-block:24px 32px}
.answers{display:grid;grid-template-columns:repeat(3,1fr);gap:16px;margin-bottom:24px}
.answers article{padding:4px 16px;border-left:2px solid var(--accent);min-width:0}
.answers h2{margin:0 0 4px;font-size:12px;line-height:16px;font-weight:500;color:var(--muted);letter-spacing:0}
.answers p{margin:0;font-size:17px;line-height:24px;letter-spacing:-.012em;font-weight:450;overflow-wrap:anywhere}
.answers p.hint{font-size:14px;line-height:20px;color:var(--muted);letter-spacing:0}
.figures{display:grid;grid-template-columns:repeat(4,1fr);background:var(--card);border:1px solid var(--line);border-radius:14px;margin:0 0 16px}
.figures div{padding:16px 20px;border-left:1px solid var(--line);min-width:0}
.figures div:first-child{border-left:0}
.figures dt{color:var(--muted);font-size:12px}
.figures dd{margin:0;font-size:24px;line-height:32px;font-weight:620;letter-spacing:-.02em;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.grid{display:grid;grid-template-columns:repeat(12,1fr);gap:16px}
.w12{grid-column:1/-1}.w8{grid-column:span 8}.w4{grid-column:span 4}
.card{margin:0;background:var(--card);border:1px solid var(--line);border-radius:14px;padding:16px 20px;min-width:0;position:relative}
.head{display:flex;align-items:baseline;gap:8px;margin:0 0 12px;flex-wrap:wrap}
h2{margin:0;font-size:14px;line-height:20px;font-weight:620;letter-spacing:-.005em}
.head span{color:var(--muted);font-size:12px}
.key{margin-left:auto;display:flex;gap:12px;font-size:12px;font-weight:550}
.head .telegram{color:var(--telegram)}.head .whatsapp{color:var(--whatsapp)}
.key span::before{content:"";display:inline-block;width:8px;height:8px;border-radius:2px;background:currentColor;margin-right:5px}
.plot{position:relative;padding-left:40px}
.plot svg{display:block;width:100%;height:200px;shape-rendering:crispEdges}
.plot.low svg{height:160px}
rect.telegram{fill:var(--telegram)}rect.whatsapp{fill:var(--whatsapp)}rect.all{fill:var(--accent)}
rect.hit{fill:transparent}g:hover rect.hit{fill:var(--ink);fill-opacity:.05}
.grid-line{stroke:var(--line);stroke-width:1;vector-effect:non-scaling-stroke}
.scale{position:absolute;left:0;top:0;width:32px;height:200px;list-style:none;margin:0;padding:0;text-align:right;font-size:11px;line-height:0;color:var(--muted)}
.low .scale{height:160px}
.scale li{position:absolute;right:0}.scale li:nth-child(1){top:0}.scale li:nth-child(2){top:50%}.scale li:nth-child(3){top:100%}
.ticks{display:grid;overflow:hidden;grid-auto-flow:column;grid-auto-columns:1fr;list-style:none;margin:8px 0 0;padding:0 0 0 40px;font-size:11px;line-height:16px;color:var(--muted)}
.ticks li{white-space:nowrap}
.people{list-style:none;margin:0;padding:0}
.people li{display:grid;grid-template-columns:minmax(0,8rem) 1fr 3.5rem;align-items:center;gap:12px;padding:6px 0}
.people .name{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.people svg{width:100%;height:16px;border-radius:4px;background:var(--wash)}
.people b{font-weight:550;text-align:right}
.state{display:flex;align-items:center;gap:8px;font-size:17px;line-height:24px;font-weight:500;margin:0 0 8px;letter-spacing:-.012em}
.card p{margin:0 0 8px;color:var(--muted)}.card p.state{color:var(--ink)}.card p.alarm{color:var(--bad)}
.tables{display:grid;grid-template-columns:repeat(6,auto);gap:8px 24px;margin:0}
.tables dt{color:var(--muted);font:12px/16px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.tables dd{margin:0;font-weight:550}
.empty{display:grid;place-content:center;min-height:200px;text-align:center;color:var(--muted)}
.hidden{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
footer.wrap{color:var(--muted);font-size:12px;padding-block:0 32px}
@media(max-width:900px){.wrap{padding:0 16px}.grid>*{grid-column:1/-1}.figures{grid-template-columns:1fr 1fr}.figures div:nth-child(3){border-left:0}.figures div:nth-child(n+3){border-top:1px solid var(--line)}}
.w4 p:last-child{margin-bottom:0}
@media(max-width:560px){.tables{grid-template-columns:1fr 1fr}.answers{grid-template-columns:1fr;gap:20px}.figures div{padding:12px 16px}.figures dd{font-size:20px;line-height:28px}.card{padding:16px}.ticks li:nth-child(even){visibility:hidden}main.wrap{padding-block:20px 24px}}
`;

/** Keeps the page fresh: asks for it again and puts the new parts in the place of the old. It says so when it cannot. */
export const SCRIPT = `const EVERY = 5000;
async function refresh() {
  try {
    const answer = await fetch(location.pathname, { headers: { accept: 'text/html' }, cache: 'no-store' });
    if (!answer.ok) throw new Error(answer.statusText);
    const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const id of ['now', 'main']) {
      const before = document.getElementById(id);
      const after = next.getElementById(id);
      if (before && after && before.textContent !== after.textContent) before.replaceWith(document.adoptNode(after));
    }
    document.getElementById('dot').classList.toggle('bad', next.getElementById('dot').classList.contains('bad'));
  } catch {
    document.getElementById('dot').classList.add('bad');
  }
}
setInterval(() => document.hidden || refresh(), EVERY);
document.addEventListener('visibilitychange', () => document.hidden || refresh());
`;

/** A speech bubble with water in it. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="#0a63c2" d="M4 5h16v10H10l-4 4v-4H4z"/><path fill="none" stroke="#fff" stroke-width="1.6" stroke-linecap="round" d="M6.5 11.2c1.4-1.4 2.3-1.4 3.7 0s2.3 1.4 3.7 0 2.3-1.4 3.6 0"/></svg>`;
