const text = document.getElementById("text");
const numbers = document.getElementById("numbers");
const preview = document.getElementById("preview");
let waiting = 0;
let asked = 0;

function number() {
  const lines = text.value.split("\n").length;
  numbers.textContent = Array.from({ length: lines }, (_, i) => i + 1).join("\n");
  numbers.scrollTop = text.scrollTop;
}

async function check() {
  const mine = ++asked;
  try {
    const answer = await fetch("/desk/scenarios/check", { method: "POST", body: new URLSearchParams({ text: text.value }) });
    const shown = await answer.text();
    if (mine === asked && answer.ok) preview.innerHTML = shown;
  } catch {
    if (mine === asked) preview.textContent = "The coach cannot be reached, so this is not checked now.";
  }
}

function show(line) {
  const lines = text.value.split("\n");
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  text.focus();
  text.setSelectionRange(start, start + (lines[line - 1] || "").length);
  text.scrollTop = Math.max(0, (text.scrollHeight / lines.length) * (line - 6));
  text.scrollLeft = 0;
}

text.addEventListener("input", () => { number(); clearTimeout(waiting); waiting = setTimeout(check, 400); });
text.addEventListener("scroll", () => { numbers.scrollTop = text.scrollTop; });
preview.addEventListener("click", (event) => {
  const line = event.target.closest("[data-line]");
  if (line) { event.preventDefault(); show(Number(line.dataset.line)); }
});
document.getElementById("by-hand").hidden = true;
number();
