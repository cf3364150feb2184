// Runs in the reader's browser. Filters the claims, shows a picked claim on its story's timeline, and shows tooltips.
'use strict';

const picks = new Map(JSON.parse(document.getElementById('picks').textContent).map((pick) => [pick.key, pick]));
const rows = [...document.querySelectorAll('tr[data-outcome]')];
const search = document.getElementById('text');
const chosen = new Set();

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const fits =
      (chosen.size === 0 || chosen.has(row.dataset.outcome)) && words.every((word) => row.dataset.words.includes(word));
    row.hidden = !fits;
    if (fits) shown += 1;
  }
  for (const group of document.querySelectorAll('#verdicts table, #verdicts .tutorial'))
    group.hidden = group.querySelector('tr[data-outcome]:not([hidden])') === null;
  document.getElementById('nothing').hidden = shown > 0;
  document.getElementById('count').textContent =
    shown === rows.length ? `${shown} claims` : `${shown} of ${rows.length} claims`;
}

search.addEventListener('input', filter);
search.form.addEventListener('submit', (event) => event.preventDefault());
for (const button of document.querySelectorAll('[data-filter]'))
  button.addEventListener('click', () => {
    const outcome = button.dataset.filter;
    if (!chosen.delete(outcome)) chosen.add(outcome);
    button.setAttribute('aria-pressed', String(chosen.has(outcome)));
    filter();
  });

function unpick(story) {
  story.querySelector('.timeline')?.classList.remove('picked');
  for (const button of story.querySelectorAll('[data-pick]')) button.setAttribute('aria-pressed', 'false');
  for (const overlay of story.querySelectorAll('.overlay')) overlay.classList.remove('shown');
  story.querySelector('.verdict').hidden = true;
}

function pick(story, key) {
  unpick(story);
  const picked = picks.get(key);
  for (const button of story.querySelectorAll('[data-pick]'))
    button.setAttribute('aria-pressed', String(button.dataset.pick === key));
  const verdict = story.querySelector('.verdict');
  verdict.hidden = false;
  verdict.textContent = `${picked.kind === 'control' ? 'control ' : ''}${picked.claim} · ${picked.verdict}`;
  const picture = story.querySelector('.timeline');
  const within = scopeTest(picked, story.id);
  if (picture === null || within === undefined) return;
  for (const thing of picture.querySelectorAll('.it')) thing.classList.toggle('in-scope', within(thing));
  for (const overlay of picture.querySelectorAll('.overlay'))
    overlay.classList.toggle('shown', overlay.dataset.claim === key);
  picture.classList.add('picked');
}

// What the verdict rests on: the counterexample where there is one, otherwise what the guarantees say they looked at.
function scopeTest(picked, story) {
  const indexesOf = (thing) => thing.dataset.i.split(' ').map(Number);
  if (picked.counterexample?.story === story) {
    const hits = new Set(picked.counterexample.indexes);
    return (thing) => indexesOf(thing).some((index) => hits.has(index));
  }
  const scopes = picked.scope?.[story];
  if (scopes === undefined || scopes.length === 0) return undefined;
  return (thing) => scopes.some((scope) => examined(thing, indexesOf(thing), scope));
}

function examined(thing, indexes, { resources, from, to }) {
  const kind = thing.dataset.r;
  if (kind === 'fence') return indexes[0] === from || indexes[0] === to;
  if (kind === 'wait') return false;
  const end = thing.dataset.e === undefined ? Infinity : Number(thing.dataset.e);
  const ours = kind === 'operation' || kind === 'observation' || resources.includes(kind);
  const lasts = kind === 'operation' || kind === 'observation' ? indexes.at(-1) > from : end > from;
  return ours && indexes[0] <= to && lasts;
}

for (const link of document.querySelectorAll('[data-pick]'))
  link.addEventListener('click', (event) => {
    const story = document.getElementById(link.dataset.story ?? link.closest('.story').id);
    if (link.getAttribute('aria-pressed') === 'true') unpick(story);
    else pick(story, link.dataset.pick);
    if (link.dataset.story === undefined) return;
    event.preventDefault();
    history.replaceState(null, '', `#${story.id}`);
    story.scrollIntoView();
  });

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') for (const story of document.querySelectorAll('.story')) unpick(story);
});

// The browser's own tooltips come late; a title becomes one of ours when it is first pointed at.
const tip = document.getElementById('tip');
document.addEventListener('pointermove', (event) => {
  const thing = event.target.closest?.('.it');
  if (thing === null || thing === undefined) {
    tip.hidden = true;
    return;
  }
  const title = thing.querySelector(':scope > title');
  if (title !== null) {
    thing.dataset.facts = title.textContent;
    title.remove();
  }
  tip.textContent = thing.dataset.facts;
  tip.hidden = false;
  const left = Math.min(event.clientX + 14, document.documentElement.clientWidth - tip.offsetWidth - 8);
  const below = event.clientY + 18;
  const top = below + tip.offsetHeight > window.innerHeight ? event.clientY - tip.offsetHeight - 12 : below;
  tip.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
});
