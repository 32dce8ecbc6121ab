// The workstation that asked for the measurement.

const RetrySeconds = 3, MaxMinutes = 10;

// A request that the workstation refused: trying again would not help.
export class Refused extends Error {
    constructor(status, message) {
        super(message);
        this.status = status;
    }
}

export class Server {
    #token;
    #lease = sessionStorage.getItem('lease') ?? '';

    // `onWaiting` is told when the connection is lost, and when it is back.
    constructor(token, onWaiting) {
        this.#token = token;
        this.onWaiting = onWaiting;
    }

    async job() { return (await this.#call('api/job')).json(); }

    async model(number) { return (await this.#call(`api/models/${number}`)).arrayBuffer(); }

    async join(greeting) {
        const state = await (await this.#call('api/join', { ...greeting, lease: this.#lease })).json();
        this.#lease = state.lease;
        // Survives a reload of this tab, and ends with it.
        sessionStorage.setItem('lease', state.done ? '' : state.lease);
        return state;
    }

    // What goes on before and between passes; it keeps the lease.
    async tell(stage, done, total) {
        if (this.#lease) await this.#call('api/stage', { stage, done, total });
    }

    async pass(pass) { return (await this.#call('api/pass', pass)).json(); }

    // Waits for a lost connection: a phone changes networks, a workstation sleeps.
    async #call(path, message) {
        const until = Date.now() + MaxMinutes * 60_000;
        for (;;) {
            try {
                const answer = await fetch(path, {
                    method: message === undefined ? 'GET' : 'POST',
                    headers: { Authorization: `Bearer ${this.#token}`, 'X-HwNas-Lease': this.#lease },
                    body: message === undefined ? undefined : JSON.stringify(message),
                });
                this.onWaiting(false);
                if (answer.ok) return answer;
                throw new Refused(answer.status, (await answer.json()).error);
            } catch (error) {
                if (error instanceof Refused || Date.now() > until) throw error;
                this.onWaiting(true);
                await new Promise(resolve => setTimeout(resolve, RetrySeconds * 1000));
            }
        }
    }
}
