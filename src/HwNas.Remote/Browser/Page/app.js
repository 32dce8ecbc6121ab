// Measures this device as the workstation's job says. The stages read in order: load, pilot, warm-up, passes.

import { Device, describe, idOf } from './device.js';
import { Presence } from './presence.js';
import { Refused, Server } from './server.js';
import { isWarm, random, shuffle } from './timing.js';
import * as view from './view.js';

const HeartbeatMs = 5_000, WarmUpSeconds = 10, PilotSecondsPerModel = 0.03, LoadSecondsPerModel = 0.03, Gone = 410;

// The address is .../#token, or .../#token/name to begin without a question, for browsers that nobody looks at.
const [token, givenName] = location.hash.slice(1).split('/');
const presence = new Presence(isHidden => {
    if (!isHidden || device === null) return;
    device.callOff();
    server.tell('hidden', 0, 0).catch(() => { /* only for the terminal */ });
});
const server = new Server(token, isWaiting =>
    view.note('connection', isWaiting ? 'The workstation does not answer. Trying again…' : null));
let device = null, job, step = ['loading', 0, 0];

main().catch(error => {
    sessionStorage.removeItem('name');
    presence.letSleep();
    view.failed(error.message, () => location.reload());
});

async function main() {
    if (!token) throw new Error('This address is not whole: open the one that the terminal shows, to its last letter.');
    const description = await describe();
    job = await server.job();
    if (!self.crossOriginIsolated)
        view.note('isolation', 'This page is not isolated, so its clock is coarse and threads are missing. Open it by HTTPS, or through USB (adb reverse).');
    // A name that is still there means that the page was reloaded meanwhile: it goes on by itself.
    const name = sessionStorage.getItem('name') ?? (givenName && decodeURIComponent(givenName)) ?? await view.askName(
        localStorage.getItem('name') ?? description.suggestion, secondsAfter('loading') / 60, idOf);
    sessionStorage.setItem('name', name);
    localStorage.setItem('name', name);
    if (!await presence.keepAwake()) view.note('awake', 'This browser does not keep the screen on: touch it now and then.');
    await measure(name, description);
    sessionStorage.removeItem('name');
    await presence.letSleep();
}

async function measure(name, { suggestion, ...description }) {
    device = new Device();
    const count = job.models.length;
    const { stepMs, sampleMs } = await device.begin(job);
    report('Loading the models', 'loading', 0, count);
    const runtime = await device.load(await server.model(0));
    const greeting = {
        ...description, id: idOf(name), name,
        runtime_version: runtime.version, threads: runtime.threads, isolated: self.crossOriginIsolated,
        clock_resolution_ns: 1e6 * stepMs, min_sample_us: 1e3 * sampleMs,
    };
    view.facts({
        Device: greeting.id,
        Runtime: `onnxruntime-web ${runtime.version}, wasm, ${runtime.threads} thread${runtime.threads > 1 ? 's' : ''}`,
        Models: String(count),
        'Step of the clock': `${Number(stepMs.toPrecision(2))} ms`,
        'Length of a sample': `${Number(sampleMs.toPrecision(3))} ms`,
    });
    let state = await server.join(greeting);
    const heartbeat = setInterval(() => {
        // Hidden pages are put to sleep sooner or later; then the lease ends, and the next pass joins again.
        if (!presence.isHidden) server.tell(...step).catch(() => { /* the next pass will tell */ });
    }, HeartbeatMs);
    try {
        for (let number = 1; number < count; number++) {
            await device.load(await server.model(number));
            report('Loading the models', 'loading', number + 1, count);
        }
        for (let number = 0; number < count; number++) {
            await device.pilot(number);
            report('Trying out each model', 'pilot', number + 1, count);
        }
        const next = random(job.settings.seed + state.passes), order = [...Array(count).keys()];
        const warmUpPasses = state.done ? 0 : await warmUp(order, next);
        while (!state.done) state = await deliver(greeting, await pass(state, order, next, warmUpPasses));
    } finally {
        clearInterval(heartbeat);
    }
    view.done(`The workstation has the profile of “${greeting.id}”: ${count} models, measured ${state.passes} times each in ${Math.round(state.elapsed_ms / 1000)} s.`);
}

async function warmUp(order, next) {
    const passesMs = [];
    while (!isWarm(passesMs)) {
        await presence.shown();
        const start = performance.now();
        const isWhole = await device.pass(shuffle(order, next)) !== null;
        // One that was called off says nothing of the speed.
        if (isWhole) passesMs.push(performance.now() - start);
        report('Warming up', 'warm-up', passesMs.length, 0);
    }
    return passesMs.length;
}

// Measures the next pass. Where the page was hidden meanwhile, none of its times count.
async function pass(state, order, next, warmUpPasses) {
    reportPasses(state);
    await presence.shown();
    const hiddenBefore = presence.hiddenTimes, start = performance.now();
    const wallNs = await device.pass(shuffle(order, next));
    const isDisturbed = wallNs === null || presence.isHidden || presence.hiddenTimes !== hiddenBefore;
    if (isDisturbed) view.note('hidden', 'The page was hidden. What was measured meanwhile is thrown away.');
    return {
        number: state.passes,
        warm_up_passes: warmUpPasses,
        elapsed_ms: Math.round(state.elapsed_ms + performance.now() - start),
        wall_ns: isDisturbed ? order.map(() => -1) : wallNs,
    };
}

// Hands a pass over. When the lease has ended meanwhile, as it does while a phone sleeps, takes it again.
async function deliver(greeting, measured) {
    try {
        return await server.pass(measured);
    } catch (error) {
        if (!(error instanceof Refused && error.status === Gone)) throw error;
    }
    const state = await server.join(greeting);
    return state.done || state.passes !== measured.number ? state : server.pass(measured);
}

function report(text, stage, done, total) {
    step = [stage, done, total];
    const whole = secondsAfter('loading'), left = secondsAfter(stage) - (total > 0 ? secondsOf(stage) * done / total : 0);
    view.progress(text, Math.max(0, 1 - left / whole), left, total > 0 ? `${done} of ${total}` : '');
}

function reportPasses({ passes, elapsed_ms }) {
    step = ['measuring', passes, 0];
    const { max_seconds, min_passes } = job.settings;
    const missing = passes > 0 ? (min_passes - passes) * elapsed_ms / 1e3 / passes : 0;
    const left = Math.max(max_seconds - elapsed_ms / 1e3, missing, 0);
    view.progress('Measuring', 1 - left / Math.max(secondsAfter('loading'), left), left, `round ${passes + 1}`);
}

// How long a stage takes, roughly, and how long it takes from its begin to the end of all.
function secondsOf(stage) {
    const count = job.models.length;
    const { max_seconds, min_passes, min_sample_us, lead_us } = job.settings;
    const leastSeconds = min_passes * count * (min_sample_us + lead_us) / 1e6;
    return { loading: count * LoadSecondsPerModel, pilot: count * PilotSecondsPerModel, 'warm-up': WarmUpSeconds, measuring: Math.max(max_seconds, leastSeconds) }[stage];
}

function secondsAfter(stage) {
    const stages = ['loading', 'pilot', 'warm-up', 'measuring'];
    return stages.slice(stages.indexOf(stage)).reduce((sum, each) => sum + secondsOf(each), 0);
}
