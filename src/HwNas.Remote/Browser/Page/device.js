// This device as something that can be asked to measure: the page's side of worker.js.

export class Device {
    #worker = new Worker('./worker.js', { type: 'module' });
    #waiting = new Map();
    #lastId = 0;

    constructor() {
        this.#worker.onmessage = ({ data: { id, answer, error } }) => {
            const { resolve, reject } = this.#waiting.get(id);
            this.#waiting.delete(id);
            if (error === undefined) resolve(answer);
            else reject(new Error(error));
        };
        this.#worker.onerror = event => {
            for (const { reject } of this.#waiting.values()) reject(new Error(`The runtime did not start: ${event.message ?? 'no reason given'}`));
            this.#waiting.clear();
        };
    }

    // Answers the clock's step and the shortest sample, in milliseconds.
    begin(job) { return this.#ask('begin', job); }

    // Loads the next model of the job; answers the runtime's version and threads.
    load(bytes) { return this.#ask('load', bytes, [bytes]); }

    // Finds how many runs make a sample of a model.
    pilot(number) { return this.#ask('pilot', number); }

    // Nanoseconds of each model; null if it was called off.
    pass(order) { return this.#ask('pass', order); }

    callOff() { return this.#ask('callOff'); }

    #ask(command, argument, transfer = []) {
        return new Promise((resolve, reject) => {
            const id = ++this.#lastId;
            this.#waiting.set(id, { resolve, reject });
            this.#worker.postMessage({ id, command, argument }, transfer);
        });
    }
}

// What browsers tell of the device; most tell little.
export async function describe() {
    const hints = await navigator.userAgentData?.getHighEntropyValues(['model', 'platformVersion', 'architecture']).catch(() => null);
    return {
        cpu_model: [hints?.model, hints?.architecture].filter(Boolean).join(' '),
        os: hints ? `${hints.platform} ${hints.platformVersion}`.trim() : navigator.platform ?? '',
        browser: browserName(),
        cores: navigator.hardwareConcurrency ?? 1,
        ram_gib: navigator.deviceMemory ?? 0,
        suggestion: idOf(hints?.model || `${hints?.platform || navigator.platform || 'device'} ${browserName().split('/')[0]}`),
    };
}

// "Pixel 7 (left)" becomes "pixel-7-left": what budgets and files can name.
export const idOf = name => name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 64).replace(/-+$/, '');

function browserName() {
    const known = [/Firefox\/[\d.]+/, /Edg\w*\/[\d.]+/, /SamsungBrowser\/[\d.]+/, /OPR\/[\d.]+/, /(?:Headless)?Chrome\/[\d.]+/, /Version\/[\d.]+(?=.*Safari)/];
    const agent = navigator.userAgent;
    const match = known.map(pattern => agent.match(pattern)?.[0]).find(Boolean) ?? agent.slice(0, 100);
    return match.replace('Version/', 'Safari/');
}
