#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

#include "CKernels.h"

static atomic_bool interrupted;
static atomic_int deferred;
// In nanoseconds that this thread has computed, so that nothing depends on what else the machine does, or another thread;
// 0 for none.
static _Thread_local int64_t deadline;
static const int64_t past = -1;
static _Thread_local unsigned asked;
// How often this thread may still ask before it is as if interrupted; 0 for none.
static _Thread_local int64_t questions;

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

bool sg_is_interrupted(void) {
  if (atomic_load_explicit(&interrupted, memory_order_relaxed) &&
      atomic_load_explicit(&deferred, memory_order_relaxed) == 0)
    return true;
  if (questions != 0 && atomic_load_explicit(&deferred, memory_order_relaxed) == 0 &&
      (questions == past || --questions == 0)) {
    questions = past;
    return true;
  }
  if (deadline == 0) return false;
  if (deadline == past) return true;
  // Loops ask often, and the clock takes longer than they do.
  if ((asked++ & 31) != 0 || now() < deadline) return false;
  // It stays so: what was left unfinished must not be taken for a result.
  deadline = past;
  return true;
}
void sg_set_deadline(double seconds) {
  deadline = seconds > 0 ? now() + (int64_t)(seconds * 1e9) : 0;
}
void sg_interrupt_at_question(int64_t number) { questions = number > 0 ? number : 0; }
void sg_set_interrupted(bool is) {
  atomic_store_explicit(&interrupted, is, memory_order_relaxed);
  if (!is && questions == past) questions = 0;
}
void sg_defer_interruption(bool is) { atomic_fetch_add_explicit(&deferred, is ? 1 : -1, memory_order_relaxed); }
