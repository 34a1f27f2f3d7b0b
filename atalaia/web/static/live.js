// Keeps a page up to date: asks for it again every two seconds and replaces the parts (data-part) that have changed.
// What comes back is the server's own page, whose text is escaped; no script in it runs, for it is only parsed.

const EVERY = 2000;
const PATIENCE = 8000;
const root = document.documentElement;
const banner = document.getElementById("banner");
const words = document.getElementById("live").dataset;
let timer = null;

class Trouble extends Error {}

async function ask() {
  const signal = AbortSignal.timeout(PATIENCE);
  const response = await fetch(location.href, { cache: "no-store", signal, headers: { Accept: "text/html" } }).catch(() => {
    throw new Trouble(words.lost);
  });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (page.querySelector(".sign-in") !== null) throw new Trouble(words.signedOut);
  if (!response.ok) throw new Trouble(`${words.failed} ${reason(page)}`);
  return page;
}

function reason(page) {
  const said = page.querySelector(".mistake p");
  return said === null ? "" : said.textContent;
}

function parts(of) {
  return new Map([...of.querySelectorAll("[data-part][id]")].map((part) => [part.id, part]));
}

// Where the focus is in a part that goes, so that it can be put on the same thing in the one that comes.
function focusWithin(part) {
  const focused = document.activeElement;
  if (!part.contains(focused)) return () => undefined;
  const place = [...part.querySelectorAll(focused.localName)].indexOf(focused);
  const href = focused.getAttribute("href");
  return (fresh) => {
    const same = [...fresh.querySelectorAll(focused.localName)];
    (same.find((each) => href !== null && each.getAttribute("href") === href) || same[place] || fresh).focus();
  };
}

function isBusy(part) {
  const selection = document.getSelection();
  return selection !== null && !selection.isCollapsed && part.contains(selection.anchorNode);
}

function show(page) {
  const shown = parts(document);
  const fresh = parts(page);
  if ([...fresh.keys()].join() !== [...shown.keys()].join()) {
    const refocus = focusWithin(document.getElementById("content"));
    document.getElementById("content").replaceChildren(...document.adoptNode(page.getElementById("content")).childNodes);
    refocus(document.getElementById("content"));
    return;
  }
  for (const [id, part] of shown) {
    if (part.isEqualNode(fresh.get(id)) || isBusy(part)) continue;
    const refocus = focusWithin(part);
    const next = document.adoptNode(fresh.get(id));
    part.replaceWith(next);
    refocus(next);
  }
}

function complain(text) {
  const said = `${text} ${words.again}`;
  if (banner.textContent !== said) banner.textContent = said; // unchanged text is not read out again
  banner.hidden = false;
  root.classList.add("stale");
}

async function refresh() {
  try {
    show(await ask());
    banner.hidden = true;
    root.classList.remove("stale");
  } catch (error) {
    if (!(error instanceof Trouble)) console.error(error);
    complain(error instanceof Trouble ? error.message : words.failed);
  }
  schedule();
}

function schedule() {
  clearTimeout(timer);
  timer = document.hidden ? null : setTimeout(refresh, EVERY);
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) schedule();
  else if (timer === null) refresh();
});
schedule();
