#!/usr/bin/env python3
"""Sets the daemon's clock an hour forth and back under load.

    clock.py [--cycles 6] [--articles 6000] [--seed N]

Builds with assertions add the number of seconds in the file that
TOCSIN_CLOCK_FILE names to the time of day. Between the jumps the daemon is
killed now and then. Times in the log never go back; watchers, also one whose
filter matches nothing, hear from the daemon all the time.
"""
import random
import sys

import world

QUIET = 5.5  # Seconds: a progress mark is due every 5.


class IdleWatcher(world.Watcher):
    """Matches nothing and lives on progress marks."""

    def __init__(self):
        super().__init__("rule = \"rules/none\"", lambda alert: False)
        self.marks = 0

    def take(self, response):
        super().take(response)
        self.marks += 1


def run(options):
    chance = random.Random(options.seed)
    idle = IdleWatcher()
    listeners = world.default_listeners(options.seed) + [idle]
    silent = 0
    with world.World("clock", options.seed, options.articles, listeners=listeners,
                     keep=options.keep) as it:
        clock = it.folder / "clock"
        clock.write_text("0")
        it.daemon.environment["TOCSIN_CLOCK_FILE"] = str(clock)
        it.start()
        for cycle in range(options.cycles):
            it.wait_for_acks(options.articles // (options.cycles + 1))
            clock.write_text(str((-3600, 3600, 0)[cycle % 3]))
            if chance.random() < 0.3:
                it.daemon.kill()
                it.daemon.start()
        # An hour back, and nothing rings any more: the marks go on.
        clock.write_text("-3600")
        it.wait_until_sent()
        marks = idle.marks
        try:
            world.harness.wait_until(lambda: idle.marks >= marks + 2, "progress", timeout=2 * QUIET)
        except AssertionError:
            silent = 1
        api = world.Api(it.daemon.address)
        times = [alert.create_time.ToNanoseconds()
                 for page in api.pages("AlertService/ListAlerts",
                                       world.ALERT.ListAlertsRequest(oldest_first=True),
                                       world.ALERT.ListAlertsResponse)
                 for alert in page.alerts]
        api.close()
        went_back = world.validators.descents(times)
        code = it.report(cycles=options.cycles, times_went_back=went_back, silent_watchers=silent)
        return code or (1 if went_back or silent else 0)


if __name__ == "__main__":
    sys.exit(run(world.arguments(__doc__, cycles=6, articles=6000)))
