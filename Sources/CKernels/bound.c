// How many fused multiply-adds the machine does when nothing has to be fetched: what products are measured against.
#include "CKernels.h"

#define CHAIN(name, attribute, lanes, chains)                                              \
  attribute static double name(sg_size rounds) {                                           \
    typedef double vector __attribute__((vector_size(lanes * sizeof(double))));            \
    vector sum[chains], factor, term;                                                      \
    for (int j = 0; j < lanes; j++) factor[j] = 0.999999, term[j] = 1e-9;                   \
    for (int i = 0; i < chains; i++) sum[i] = term * (double)i;                            \
    for (sg_size r = 0; r < rounds; r++) {                                                 \
      _Pragma("clang loop unroll(full)") for (int i = 0; i < chains; i++)                  \
          sum[i] = sum[i] * factor + term;                                                 \
      __asm__ volatile("" ::: "memory");                                                   \
    }                                                                                      \
    vector all = sum[0];                                                                   \
    for (int i = 1; i < chains; i++) all += sum[i];                                        \
    return all[0];                                                                         \
  }

#if defined(__x86_64__)
CHAIN(chains_512, __attribute__((target("avx512f"))), 8, 24)
CHAIN(chains_256, __attribute__((target("avx2,fma"))), 4, 12)
#endif
CHAIN(chains_128, , 2, 12)

typedef struct {
  sg_size rounds, lanes;
  double results[64];
} work;

static void run(void *context, sg_size index) {
  work *w = context;
#if defined(__x86_64__)
  if (w->lanes == 8) {
    w->results[index] = chains_512(w->rounds);
    return;
  }
  if (w->lanes == 4) {
    w->results[index] = chains_256(w->rounds);
    return;
  }
#endif
  w->results[index] = chains_128(w->rounds);
}

double sg_multiply_adds(sg_size rounds) {
  const char *known = sg_product_instructions();
  work w = {rounds, known[0] == 'b' ? 2 : known[3] == '-' ? 8 : 4, {0}};
  const sg_size parts = sg_thread_count();
  sg_parallel(parts, run, &w);
  const double chains = w.lanes == 8 ? 24 : 12;
  // Nothing is left out for not being used.
  double unused = 0;
  for (sg_size i = 0; i < parts; i++) unused += w.results[i];
  return 2 * chains * (double)w.lanes * (double)rounds * (double)parts + (unused == 1 ? 1 : 0);
}
