// Whether somebody can see the page. Browsers slow down what is hidden, so that nothing measured meanwhile counts.

export class Presence {
    #hiddenTimes = 0;
    #lock = null;

    // `onChange` is told whenever the page is hidden or shown.
    constructor(onChange) {
        document.addEventListener('visibilitychange', () => {
            if (this.isHidden) this.#hiddenTimes++;
            else this.keepAwake();
            onChange(this.isHidden);
        });
    }

    get isHidden() { return document.visibilityState === 'hidden'; }

    // Changes whenever the page was hidden: compare before and after.
    get hiddenTimes() { return this.#hiddenTimes; }

    // Keeps the screen on; browsers release the lock when the page is hidden, and refuse it on low battery.
    async keepAwake() {
        this.#lock = await navigator.wakeLock?.request('screen').catch(() => null) ?? null;
        return this.#lock !== null;
    }

    async letSleep() {
        await this.#lock?.release().catch(() => null);
        this.#lock = null;
    }

    async shown() {
        while (this.isHidden) await new Promise(resolve => document.addEventListener('visibilitychange', resolve, { once: true }));
    }
}
