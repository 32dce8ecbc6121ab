// The parts of a measurement that need neither the runtime nor the page.

const SamplesOfClock = 40;
const StepsPerBatch = 50, MaxBatches = 9, MaxRuns = 10_000;

// The smallest step of the clock that is seen, in milliseconds. Browsers coarsen it against spying: 0.005 in an
// isolated page, 0.1 in others, 1 where fingerprinting is resisted.
export function clockStepMs(now = () => performance.now()) {
    let smallest = Infinity;
    for (let i = 0; i < SamplesOfClock; i++) {
        const before = now();
        let after = now();
        while (after === before) after = now();
        smallest = Math.min(smallest, after - before);
    }
    return smallest;
}

// Milliseconds that a sample lasts at least: what the job asks for, and so many steps of the clock that they cost at most 2 %.
export const minSampleMs = (askedUs, stepMs) => Math.max(askedUs / 1e3, StepsPerBatch * stepMs);

// How a model whose run takes so long makes a sample: so many batches of so many runs. Where the clock is fine, a sample
// is the median of several batches, so that what interrupts one of them does not count; where it is coarse, all of the
// sample is one batch. The number of batches is odd: the median is one of them.
export function plan(runMs, sampleMs, stepMs) {
    const batchMs = Math.max(StepsPerBatch * stepMs, sampleMs / MaxBatches);
    const runs = Math.min(MaxRuns, Math.ceil(batchMs / runMs));
    const batches = Math.min(MaxBatches, Math.max(1, Math.round(sampleMs / (runs * runMs))));
    return { runs, batches: batches - (batches + 1) % 2 };
}

// Mulberry32, a small generator of random numbers from a seed: 0 <= x < 1.
export function random(seed) {
    let state = seed | 0;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let t = Math.imul(state ^ (state >>> 15), 1 | state);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
}

// Fisher-Yates, in place.
export function shuffle(items, next) {
    for (let i = items.length - 1; i > 0; i--) {
        const j = Math.floor(next() * (i + 1));
        [items[i], items[j]] = [items[j], items[i]];
    }
    return items;
}

export const median = values => {
    const sorted = values.toSorted((a, b) => a - b);
    return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
};

const WarmUpWindow = 5, MaxWarmUpPasses = 50, MaxWarmUpMs = 10_000;

// Whether the passes no longer get faster; their times in milliseconds, in order. The same rule as on other devices.
export function isWarm(passesMs) {
    if (passesMs.length >= MaxWarmUpPasses || passesMs.reduce((sum, ms) => sum + ms, 0) >= MaxWarmUpMs) return true;
    return passesMs.length >= 2 * WarmUpWindow
        && median(passesMs.slice(-WarmUpWindow)) >= 0.99 * median(passesMs.slice(-2 * WarmUpWindow, -WarmUpWindow));
}
