// What the page shows. It decides nothing.

const at = id => document.getElementById(id);
const sections = ['preparing', 'start', 'measuring', 'done', 'failed'];

function show(id) {
    for (const section of sections) at(section).hidden = section !== id;
}

// Asks for a name; answers it once it is given. `idOf` turns it into the id that is shown below.
export function askName(suggestion, minutes, idOf) {
    at('duration').textContent = about(minutes * 60);
    const name = at('name');
    const explain = () => {
        const id = idOf(name.value);
        name.setCustomValidity(id ? '' : 'A letter or a digit is needed.');
        at('name-help').textContent = id ? `Budgets and files will call it “${id}”.` : 'Letters and digits.';
    };
    name.value = suggestion;
    name.addEventListener('input', explain);
    explain();
    show('start');
    return new Promise(resolve => at('form').addEventListener('submit', event => {
        event.preventDefault();
        resolve(name.value.trim());
    }, { once: true }));
}

// What is going on: the stage, the share of the whole work, the seconds left, the step within the stage.
export function progress(stage, share, secondsLeft, step) {
    if (at('stage').textContent !== stage) at('stage').textContent = stage;
    at('progress').value = share;
    at('left').textContent = secondsLeft === null ? '' : `${about(secondsLeft)} left`;
    at('step').textContent = step;
    document.title = `${Math.floor(100 * share)} % – HwNas`;
    show('measuring');
}

// A table of what is known of device and runtime.
export function facts(pairs) {
    at('facts').replaceChildren(...Object.entries(pairs).flatMap(([term, value]) => [element('dt', term), element('dd', value)]));
}

// A remark that stays until it is taken back (`text` null).
export function note(key, text) {
    const old = document.querySelector(`#notes [data-key="${key}"]`);
    if (old?.textContent === text) return;
    old?.remove();
    if (text === null) return;
    const item = element('li', text);
    item.dataset.key = key;
    at('notes').append(item);
}

export function done(text) {
    at('summary').textContent = text;
    document.title = 'Done – HwNas';
    at('notes').replaceChildren();
    show('done');
}

export function failed(reason, tryAgain) {
    at('reason').textContent = reason;
    at('again').onclick = tryAgain;
    document.title = 'Error – HwNas';
    show('failed');
}

function about(seconds) {
    return seconds < 90 ? `about ${Math.max(5, 5 * Math.round(seconds / 5))} s` : `about ${Math.round(seconds / 60)} min`;
}

function element(tag, text) {
    const created = document.createElement(tag);
    created.textContent = text;
    return created;
}
