// Signals, taken by one thread that waits for them.
#ifndef TOCSIN_APP_SIGNALS_H_
#define TOCSIN_APP_SIGNALS_H_

#include "app/daemon.h"

namespace tocsin {

// Before there are threads, so that only ObeySignals() sees them.
void BlockSignals();

// Reads the rules again at SIGHUP, until SIGTERM or SIGINT, which from then on
// end the process at once.
void ObeySignals(Daemon& daemon);

}  // namespace tocsin

#endif  // TOCSIN_APP_SIGNALS_H_
