// An installed BLAS, found at run time. Nothing is linked and nothing is required.
//
// Opening a library costs 5 to 30 ms (it starts its own threads and buffers). In the automatic mode it is looked
// for only at the beginning of a stretch of work (training) that announces `worthwhile` floating-point operations,
// about half a second, and it gets the large products of that stretch alone: which product is computed by whom
// follows from the work, never from what the process did before, so that the same run gives the same bits. Switched
// on by hand, it gets every product of 4·10⁶ operations or more.
//
// What is large depends on what it has to beat. With the same vectors on both sides, sg_product was measured at 0.9 to
// 1.5 times the speed of OpenBLAS 0.3.21 for batches of 64 through layers of 784, 128, 800 and 10, and at 0.7 to
// 0.9 times from about 10⁸ operations on: below that a library only adds its overhead. It has more to offer where it
// knows wider vectors than ours, the matrix unit behind Accelerate, or where ours are the baseline. The limit never comes from a measurement at run time, which would make the last bits
// of a result depend on how busy the machine was.
#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>

#include "CKernels.h"

typedef void cblas_dgemm_function(int order, int transpose_a, int transpose_b, int m, int n, int k, double alpha,
                                  const double *a, int lda, const double *b, int ldb, double beta, double *c,
                                  int ldc);
typedef void set_threads_function(int);

static const double worthwhile = 2e10;
static const double small = 4e6;

static double large(void) {
#if defined(__x86_64__) && !defined(__APPLE__)
  if (sg_product_instructions()[0] == 'A') return 1e8;
#endif
  return small;
}

static const char *const candidates[] = {
#if defined(__APPLE__)
    "/System/Library/Frameworks/Accelerate.framework/Accelerate",
    "libopenblas.dylib",
#else
    // Not libblas.so.3: what goes by that name may be the reference, which takes thirty times as long as sg_product and
    // cannot be interrupted.
    "libopenblas.so.0", "libmkl_rt.so.2", "libmkl_rt.so", "libblis.so.4",
#endif
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool off;
static atomic_int found = sg_blas_not_searched;
static _Atomic(cblas_dgemm_function *) dgemm;
static _Atomic(const char *) name;
static atomic_bool forced;
static atomic_int stretches;

int sg_blas_state(void) { return atomic_load(&off) ? sg_blas_off : atomic_load(&found); }

const char *sg_blas_name(void) {
  const char *known = atomic_load(&name);
  return known ? known : "";
}

void sg_blas_set_enabled(bool enabled) {
  atomic_store(&off, !enabled);
  if (!enabled) atomic_store(&forced, false);
}

void sg_blas_force(bool use) {
  atomic_store(&forced, use);
  if (use) atomic_store(&off, false);
}

bool sg_blas_is_forced(void) { return atomic_load(&forced); }

bool sg_blas_begin(double operations) {
  if (operations < worthwhile || sg_blas_load() != sg_blas_loaded) return false;
  atomic_fetch_add(&stretches, 1);
  return true;
}

void sg_blas_end(bool began) {
  if (began) atomic_fetch_sub(&stretches, 1);
}

/// A product with known entries: a library whose integers are 64 bits wide, or which is broken, fails here and
/// not in a user's numbers.
static bool works(cblas_dgemm_function *f) {
  const double a[6] = {1, 2, 3, 4, 5, 6}, b[6] = {7, 9, 11, 8, 10, 12};
  double c[4] = {1, 1, 1, 1};
  f(101, 111, 112, 2, 2, 3, 2, a, 3, b, 3, 1, c, 2);  // row-major, A as it is, B transposed
  return c[0] == 117 && c[1] == 129 && c[2] == 279 && c[3] == 309;
}

static void search(void) {
  for (unsigned i = 0; i < sizeof candidates / sizeof *candidates; i++) {
    void *library = dlopen(candidates[i], RTLD_NOW | RTLD_LOCAL);
    if (!library) continue;
    cblas_dgemm_function *f = (cblas_dgemm_function *)dlsym(library, "cblas_dgemm");
    if (!f) {
      dlclose(library);
      continue;
    }
    static const char *const setters[] = {"openblas_set_num_threads", "MKL_Set_Num_Threads"};
    for (unsigned s = 0; s < sizeof setters / sizeof *setters; s++) {
      set_threads_function *set = (set_threads_function *)dlsym(library, setters[s]);
      if (set) set(sg_thread_count());
    }
    if (!works(f)) continue;
    atomic_store(&name, candidates[i]);
    atomic_store(&dgemm, f);
    atomic_store(&found, sg_blas_loaded);
    return;
  }
  atomic_store(&found, sg_blas_not_found);
}

int sg_blas_load(void) {
  if (atomic_load(&off)) return sg_blas_off;
  if (atomic_load(&found) == sg_blas_not_searched) {
    pthread_mutex_lock(&lock);
    if (atomic_load(&found) == sg_blas_not_searched) search();
    pthread_mutex_unlock(&lock);
  }
  return sg_blas_state();
}

void sg_multiply(sg_size m, sg_size n, sg_size k, double alpha, const double *a, sg_size lda, bool transpose_a,
                 const double *b, sg_size ldb, bool transpose_b, double beta, double *c, sg_size ldc) {
  double work = 2 * (double)m * (double)n * (double)k;
  bool is_forced = atomic_load(&forced);
  if (work >= (is_forced ? small : large()) && !atomic_load(&off) && (is_forced || atomic_load(&stretches) > 0)) {
    cblas_dgemm_function *f = atomic_load(&dgemm);
    const sg_size most = INT_MAX;
    if (f && m <= most && n <= most && k <= most && lda <= most && ldb <= most && ldc <= most) {
      // A library cannot be interrupted: large products are given to it in tiles, of a size that follows from the
      // product alone.
      const double at_once = 4e9;
      sg_size side = 64;
      while ((double)side * (double)side * (double)k < 1e8) side *= 2;
      const sg_size height = work <= at_once ? m : side, width = work <= at_once ? n : side;
      for (sg_size i = 0; i < m; i += height)
        for (sg_size j = 0; j < n && !sg_is_interrupted(); j += width)
          f(101, transpose_a ? 112 : 111, transpose_b ? 112 : 111, (int)(m - i < height ? m - i : height),
            (int)(n - j < width ? n - j : width), (int)k, alpha, transpose_a ? a + i : a + i * lda, (int)lda,
            transpose_b ? b + j * ldb : b + j, (int)ldb, beta, c + i * ldc + j, (int)ldc);
      return;
    }
  }
  sg_product(m, n, k, alpha, a, lda, transpose_a, b, ldb, transpose_b, beta, c, ldc);
}
