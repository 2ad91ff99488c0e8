// The figures, a function each; `samples` is how often a thing is measured. Each prints its lines and
// throws std::runtime_error where something went wrong, which no figure is worth.
#pragma once

namespace dragoman::bench {

void measure_start(int samples);
void measure_memory();
void measure_deltas(int samples);
/// Fails unless every delta arrives, in order.
void measure_flood(int deltas);
void measure_cancel(int samples);
void measure_edits(int samples);
void measure_cache(int samples);
void measure_present(int samples);
/// The first run writes the history, which takes about ten minutes.
void measure_history(int samples);

}  // namespace dragoman::bench
