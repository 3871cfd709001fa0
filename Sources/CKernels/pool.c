// A pool of threads that starts at the first use. Workers spin for some microseconds after a job, since a
// training step issues products in quick succession, and then sleep, since a person at a prompt does not.
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <unistd.h>

#include "CKernels.h"

enum { most_threads = 8, spins = 2000 };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t owner = PTHREAD_MUTEX_INITIALIZER;  // held by the thread whose job the pool runs
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;   // guards the fields below
static pthread_cond_t job_posted = PTHREAD_COND_INITIALIZER;
static pthread_cond_t workers_left = PTHREAD_COND_INITIALIZER;

static int workers;
static atomic_int limit;
static atomic_uint generation;
static atomic_int active;
static bool open_for_workers;
static int places;
static sg_task job;
static void *job_context;
static sg_size job_count;
static _Atomic(sg_size) next_index;

static _Thread_local bool inside;

static inline void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static int processors(void) {
  static atomic_int known;  // asking the system costs more than a small product
  int answer = atomic_load(&known);
  if (answer > 0) return answer;
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  answer = count < 1 ? 1 : count < most_threads ? (int)count : most_threads;
  atomic_store(&known, answer);
  return answer;
}

int sg_thread_count(void) {
  int most = atomic_load(&limit), all = processors();
  return most > 0 && most < all ? most : all;
}

void sg_limit_threads(int count) { atomic_store(&limit, count); }

int sg_fork(void) {
  pid_t parent = getpid(), child = fork();
  if (child != 0) return child;
  sg_limit_threads(1);
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  if (getppid() != parent) _exit(1);
  return 0;
}

static void drain(sg_task task, void *context, sg_size count) {
  for (;;) {
    sg_size index = atomic_fetch_add(&next_index, 1);
    if (index >= count || sg_is_interrupted()) return;
    task(context, index);
  }
}

static void *work(void *unused) {
  (void)unused;
  inside = true;
  unsigned seen = 0;
  for (;;) {
    for (int spin = 0; spin < spins && atomic_load(&generation) == seen; spin++) pause_briefly();
    pthread_mutex_lock(&lock);
    while (atomic_load(&generation) == seen) pthread_cond_wait(&job_posted, &lock);
    seen = atomic_load(&generation);
    // A worker that wakes after the caller has closed the job must not touch it: its context is gone.
    bool joins = open_for_workers && places > 0;
    if (joins) {
      places--;
      atomic_fetch_add(&active, 1);
    }
    sg_task task = job;
    void *context = job_context;
    sg_size count = job_count;
    pthread_mutex_unlock(&lock);
    if (!joins) continue;
    drain(task, context, count);
    pthread_mutex_lock(&lock);
    if (atomic_fetch_sub(&active, 1) == 1) pthread_cond_signal(&workers_left);
    pthread_mutex_unlock(&lock);
  }
  return 0;
}

static void start(void) {
  int wanted = processors() - 1;
  for (int i = 0; i < wanted; i++) {
    pthread_t thread;
    if (pthread_create(&thread, 0, work, 0) != 0) break;
    pthread_detach(thread);
    workers++;
  }
}

static void run_here(sg_size count, sg_task task, void *context) {
  for (sg_size i = 0; i < count && !sg_is_interrupted(); i++) task(context, i);
}

void sg_parallel(sg_size count, sg_task task, void *context) {
  int threads = sg_thread_count();
  if (count <= 1 || threads <= 1 || inside) return run_here(count, task, context);
  pthread_once(&once, start);
  if (workers == 0 || pthread_mutex_trylock(&owner) != 0) return run_here(count, task, context);

  pthread_mutex_lock(&lock);
  job = task;
  job_context = context;
  job_count = count;
  atomic_store(&next_index, 0);
  places = threads - 1;
  open_for_workers = true;
  atomic_fetch_add(&generation, 1);
  pthread_cond_broadcast(&job_posted);
  pthread_mutex_unlock(&lock);

  inside = true;
  drain(task, context, count);
  inside = false;

  pthread_mutex_lock(&lock);
  open_for_workers = false;
  pthread_mutex_unlock(&lock);
  for (int spin = 0; spin < spins && atomic_load(&active) > 0; spin++) pause_briefly();
  pthread_mutex_lock(&lock);
  while (atomic_load(&active) > 0) pthread_cond_wait(&workers_left, &lock);
  pthread_mutex_unlock(&lock);
  pthread_mutex_unlock(&owner);
}
