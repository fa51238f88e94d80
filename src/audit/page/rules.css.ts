/** What the page of an audit has beside a study's report: findings, bars in tables, and pictures. */
export const rules = `
.findings { display: grid; grid-template-columns: minmax(0, 1fr); gap: .1rem; max-width: 62rem; margin: 1.4rem 0 0; padding: 0; list-style: none; }
.findings li { display: grid; grid-template-columns: 6.2rem minmax(0, 1fr); gap: .2rem 1rem; padding: .7rem 0; border-top: 1px solid var(--line); }
.severity { font-size: .9rem; font-weight: 650; white-space: nowrap; }
.error .severity { color: var(--bad); }
.warning .severity { color: var(--warning); }
.note .severity { color: var(--muted); }
.action { color: var(--muted); }

td.wide, th.wide { width: 55%; min-width: 9rem; }
.bar { display: block; width: 100%; height: .8rem; border-radius: 3px; }
.class-table td { vertical-align: middle; }
.precision-table thead th:first-child { width: 30%; }
.precision-table thead th:nth-child(2) { width: 28%; }
.framed + .hint { margin-top: .9rem; }
.reach { display: grid; gap: .25rem; padding-top: .3rem; font-size: .85rem; }
.reach .bar { background: var(--ground); }

.class-cards, .duplicate-cards { display: grid; gap: 1rem; }
.class-cards { grid-template-columns: repeat(auto-fill, minmax(min(100%, 330px), 1fr)); margin-top: 1.4rem; }
.duplicate-cards { grid-template-columns: repeat(auto-fill, minmax(min(100%, 250px), 1fr)); margin-bottom: 1rem; }
.class-card, .duplicate-card { margin: 0; min-width: 0; padding: .7rem .8rem .8rem; background: var(--surface); border: 1px solid var(--line); border-radius: 10px; }
.class-card figcaption { display: flex; justify-content: space-between; gap: 1rem; margin-bottom: .45rem; font-size: .9rem; }
.class-card figcaption b, .member b { min-width: 0; overflow-wrap: anywhere; }
.class-card figcaption span, .duplicate-card figcaption { color: var(--muted); }
.duplicate-card figcaption { margin-top: .5rem; font-size: .8rem; }
.strip { display: flex; gap: .4rem; overflow-x: auto; scrollbar-width: thin; }
.class-card .strip { display: grid; grid-template-columns: repeat(3, 1fr); }
.picture { display: block; width: 100%; aspect-ratio: 4 / 3; object-fit: contain; border-radius: 5px; background: var(--ground); overflow: hidden; font-size: .7rem; }
.member { flex: 1 0 5.4rem; max-width: 9rem; min-width: 0; font-size: .85rem; line-height: 1.3; }
.member .picture { margin-bottom: .3rem; }
.member small { overflow-wrap: anywhere; }
@media (max-width: 640px) {
  .findings li { grid-template-columns: minmax(0, 1fr); }
  td.wide, th.wide { width: auto; min-width: 5rem; }
  .precision-table tr { padding: .7rem 0; border-bottom: 1px solid var(--line); }
  .precision-table tr:last-child { border-bottom: 0; }
}
`
