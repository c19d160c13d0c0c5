"""How the audit page looks, and the few lines that filter it. Both are written into the page; nothing is fetched."""

STYLE = """
:root{color-scheme:light dark;--page:#f5f6fa;--card:#fff;--ink:#1b1d29;--quiet:#5b6078;--line:#d9dce8;--code:#f0f1f7;
--error:#b3132b;--error-soft:#fde8ea;--warning:#7a4b00;--warning-soft:#fdf0d5;--info:#1c5aa6;--info-soft:#e3eefb;
--fine:#176b3a;--link:#2546b8}
@media screen and (prefers-color-scheme:dark){
:root{--page:#14161f;--card:#1e2130;--ink:#e8eaf6;--quiet:#a3a9c6;--line:#3a4060;
--code:#171a26;--error:#ff8f9c;--error-soft:#4a1c25;--warning:#f3c46b;--warning-soft:#43330f;--info:#8fc0ff;
--info-soft:#1a3150;--fine:#7fd6a0;--link:#a9baff}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);line-height:1.55;overflow-wrap:anywhere;
font-family:system-ui,"Noto Sans","Noto Sans CJK JP","Noto Sans JP","Hiragino Sans","Yu Gothic",sans-serif}
header,main,footer{max-width:70rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2rem}
h1{margin:0;font-size:1.6rem;line-height:1.25}
h2{margin:2.5rem 0 .75rem;font-size:1.2rem}
h3{margin:0;font-size:1.02rem;line-height:1.45}
h4{margin:1rem 0 .25rem;font-size:.95rem}
p{margin:.4rem 0}
a{color:var(--link)}
code,pre,.place{font-family:ui-monospace,"Cascadia Mono","DejaVu Sans Mono",
"Noto Sans Mono CJK JP",monospace;font-size:.86em}
code{background:var(--code);padding:.1em .3em;border-radius:.25rem}
pre{margin:.75rem 0;padding:.6rem .75rem;background:var(--code);border:1px solid var(--line);border-radius:.4rem;
white-space:pre-wrap;line-height:1.5}
.facts{display:grid;grid-template-columns:fit-content(18rem) minmax(0,1fr);gap:.15rem 1rem;margin:.75rem 0 0;
font-size:.9rem}
.facts dt{color:var(--quiet)}
.facts dd{margin:0}.facts code{padding:0;background:none}
.sums{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.75rem;margin:1.25rem 0 0;padding:0;
list-style:none}
.sums li{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.6rem .85rem;
color:var(--quiet);
font-size:.86rem}
.sums b{display:block;font-size:1.55rem;line-height:1.2;color:var(--ink);font-variant-numeric:tabular-nums}
.sums .error b{color:var(--error)}.sums .warning b{color:var(--warning)}.sums .info b{color:var(--info)}
.filters{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;align-items:center;margin:0 0 1rem;font-size:.9rem}
.filters label{display:inline-flex;gap:.4rem;align-items:center}
.filters select{font:inherit;max-width:14rem;padding:.15rem .35rem;background:var(--card);color:var(--ink);
border:1px solid var(--line);border-radius:.3rem}
.finding{background:var(--card);border:1px solid var(--line);border-left:.3rem solid var(--quiet);border-radius:.5rem;
padding:.9rem 1.1rem;margin:0 0 1rem;scroll-margin-top:1rem}
.finding.error{border-left-color:var(--error)}.finding.warning{border-left-color:var(--warning)}
.finding.info{border-left-color:var(--info)}
.finding:target,.rule:target{outline:2px solid var(--link)}
.head{display:flex;flex-wrap:wrap;gap:.3rem .6rem;align-items:center;margin:0 0 .35rem;font-size:.86rem;
color:var(--quiet)}
.badge{white-space:nowrap;
font-size:.78rem;font-weight:600;padding:.08rem .55rem;border-radius:1rem;background:var(--code);
color:var(--ink)}
.badge.error{background:var(--error-soft);color:var(--error)}
.badge.warning{background:var(--warning-soft);color:var(--warning)}
.badge.info{background:var(--info-soft);color:var(--info)}
.place{color:var(--quiet);margin:.3rem 0 0}
.excerpt{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:0 .9rem}
.excerpt .number{color:var(--quiet);text-align:right;user-select:none}
.excerpt .other{grid-column:1/-1;color:var(--quiet);margin-top:.3rem}
.excerpt .label{grid-column:2;color:var(--quiet);font-family:system-ui,sans-serif;font-size:.95em}
mark{background:none;color:inherit;text-decoration:underline wavy 1px;text-underline-offset:.25em;font-weight:600}
.error mark.own{color:var(--error)}.warning mark.own{color:var(--warning)}.info mark.own{color:var(--info)}
mark.related{text-decoration:underline dotted 2px}
.notes{margin:.5rem 0 0;padding:0 0 0 1.1rem}
.notes li{margin:.15rem 0}
.todo{margin:.6rem 0 0}
.todo b,.fix b{color:var(--fine)}
.fix{margin:.6rem 0 0}
.fix pre{margin:.3rem 0 0}
.fix del{color:var(--error);text-decoration:none}.fix ins{color:var(--fine);text-decoration:none}
.print{margin:.6rem 0 0;color:var(--quiet);font-size:.75rem}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:.5rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{padding:.45rem .8rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
tr:last-child td{border-bottom:0}
th{color:var(--quiet);font-weight:600}
td{min-width:6rem}
.rule{background:var(--card);border:1px solid var(--line);border-radius:.4rem;margin:0 0 .4rem;padding:.45rem .85rem;
scroll-margin-top:1rem}
.rule summary{cursor:pointer}
.rule summary span{color:var(--quiet);font-size:.88rem}
.rule summary .badge{margin-left:.2rem}
footer{padding-top:2rem;padding-bottom:3rem;color:var(--quiet);font-size:.85rem}
body:has(#show-error:not(:checked)) .finding.error,body:has(#show-warning:not(:checked)) .finding.warning,
body:has(#show-info:not(:checked)) .finding.info,[hidden]{display:none!important}
@media(max-width:40rem){header,main,footer{padding-left:.9rem;padding-right:.9rem}header{padding-top:1.25rem}
.sums{grid-template-columns:repeat(2,1fr);gap:.5rem}.sums li{padding:.45rem .6rem}.finding{padding:.75rem .8rem}
.excerpt{gap:0 .6rem}pre{padding:.5rem .55rem}.facts{grid-template-columns:minmax(0,1fr);gap:0}
.facts dd{margin-bottom:.35rem}
.wide thead{display:none}.wide tr{display:block;padding:.5rem 0;border-bottom:1px solid var(--line)}
.wide tr:last-child{border-bottom:0}.wide td{display:flex;gap:.6rem;padding:.1rem .8rem;border:0}
.wide td::before{content:attr(data-head);color:var(--quiet);min-width:4.5rem}}
@media print{:root{--page:#fff}.filters{display:none}body{font-size:10pt}.finding,.rule,tr{
break-inside:avoid}
h2,h3{break-after:avoid}.finding,.sums li,.scroll,pre{border-color:#999}}
"""

SCRIPT = """
const chosen = document.querySelector('.filters'), findings = [...document.querySelectorAll('.finding')];
const filter = () => {
  const shown = findings.filter(each => {
    const wanted = chosen.elements['show-' + each.dataset.severity].checked
      && ['code', 'owner'].every(key => ['', each.dataset[key]].includes(chosen.elements[key].value));
    each.hidden = !wanted;
    return wanted;
  });
  chosen.querySelector('output').textContent = shown.length + ' of ' + findings.length + ' shown';
};
const unfold = () => {
  const rule = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (rule && rule.tagName === 'DETAILS') { rule.open = true; rule.scrollIntoView(); }
};
if (chosen) {
  for (const each of chosen.querySelectorAll('[data-script]')) each.hidden = false;
  chosen.addEventListener('input', filter);
  filter();
}
addEventListener('hashchange', unfold);
unfold();
"""
