// Runs the models, away from the page, whose drawing would disturb them. Does one thing at a time, as device.js asks.

import * as ort from './onnxruntime-web/ort.wasm.min.mjs';
import { clockStepMs, median, minSampleMs, plan } from './timing.js';

const PilotMs = 2, MaxPilotRuns = 1_000;
const GraphLevels = { none: 'disabled', basic: 'basic', extended: 'extended', all: 'all' };

const models = [];
let job, sampleMs, stepMs, calledOff = false;

const commands = { begin, load, pilot, pass, callOff };

self.onmessage = async ({ data: { id, command, argument } }) => {
    try {
        self.postMessage({ id, answer: await commands[command](argument) });
    } catch (error) {
        self.postMessage({ id, error: error?.message ?? String(error) });
    }
};

function begin(asked) {
    job = asked;
    ort.env.wasm.wasmPaths = new URL('./onnxruntime-web/', self.location.href).href;
    ort.env.wasm.numThreads = job.runtime.intra_op_threads;
    ort.env.logLevel = 'error';
    stepMs = clockStepMs();
    sampleMs = minSampleMs(job.settings.min_sample_us, stepMs);
    return { stepMs, sampleMs };
}

async function load(bytes) {
    const session = await ort.InferenceSession.create(new Uint8Array(bytes), {
        executionProviders: [job.runtime.provider],
        graphOptimizationLevel: GraphLevels[job.runtime.graph_level],
    });
    const feeds = {};
    for (const input of session.inputMetadata) {
        const shape = input.shape.map(size => (typeof size === 'number' && size > 0 ? size : job.runtime.batch));
        const length = shape.reduce((a, b) => a * b, 1);
        const grey = input.type === 'uint8' ? new Uint8Array(length).fill(128) : new Float32Array(length).fill(0.5);
        feeds[input.name] = new ort.Tensor(input.type, grey, shape);
    }
    models.push({ session, feeds, runs: 1, batches: 1, lead: 0 });
    // Without isolation the runtime falls back to one thread and says nothing: here it is said.
    return { version: ort.env.versions.web, threads: ort.env.wasm.numThreads };
}

// How many runs make a sample that the clock can resolve, and how many bring back the steady state before it.
async function pilot(number) {
    const model = models[number];
    await time(model, 1);
    let runs = 1, ms = await time(model, runs);
    while (ms * runs < Math.max(PilotMs, 5 * stepMs) && runs < MaxPilotRuns) {
        runs *= 2;
        ms = await time(model, runs);
    }
    ms = Math.max(ms, 1e-4);
    Object.assign(model, plan(ms, sampleMs, stepMs));
    model.lead = job.settings.lead_us > 0 ? Math.ceil(job.settings.lead_us / 1e3 / ms) : 0;
}

// One sample of each model, in nanoseconds; null when it was called off. `order` is the order in which they run.
async function pass(order) {
    const wallNs = new Array(models.length);
    calledOff = false;
    for (const number of order) {
        await breathe();
        if (calledOff) return null;
        const model = models[number];
        if (model.lead > 0) await time(model, model.lead);
        const batches = [];
        for (let batch = 0; batch < model.batches; batch++) batches.push(await time(model, model.runs));
        wallNs[number] = Math.max(1, Math.round(1e6 * median(batches)));
    }
    return wallNs;
}

function callOff() {
    calledOff = true;
}

// Milliseconds of one run, the mean of so many.
async function time({ session, feeds }, runs) {
    const start = performance.now();
    for (let run = 0; run < runs; run++) await session.run(feeds);
    return (performance.now() - start) / runs;
}

// Runs of the wasm provider never give the event loop a turn; between two samples it gets one, so that the page can
// call a pass off. A message channel does so at once, a timer only after 4 ms.
const channel = new MessageChannel();
const breathe = () => new Promise(resolve => {
    channel.port1.onmessage = resolve;
    channel.port2.postMessage(null);
});
