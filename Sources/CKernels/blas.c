// An installed BLAS, found at run time. Nothing is linked and nothing is required.
//
// Opening a library costs 5 to 30 ms (it starts its own threads and buffers), while for training shapes it is
// between half and 1.2 times as fast as sg_product. It is therefore looked for only after a session has spent
// `worthwhile` floating-point operations on large products: about a second, so that the cost of opening it is
// a few per cent whatever comes after. From then on it gets the products of at least `large` operations;
// below that its overhead is no less than ours, and the plain order of summation stays what it was.
#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>

#include "CKernels.h"

typedef void cblas_dgemm_function(int order, int transpose_a, int transpose_b, int m, int n, int k, double alpha,
                                  const double *a, int lda, const double *b, int ldb, double beta, double *c,
                                  int ldc);
typedef void set_threads_function(int);

static const double large = 4e6, worthwhile = 2e10;

static const char *const candidates[] = {
#if defined(__APPLE__)
    "/System/Library/Frameworks/Accelerate.framework/Accelerate",
    "libopenblas.dylib",
#else
    "libopenblas.so.0", "libmkl_rt.so.2", "libmkl_rt.so", "libblis.so.4", "libcblas.so.3", "libblas.so.3",
#endif
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool off;
static atomic_int found = sg_blas_not_searched;
static _Atomic(cblas_dgemm_function *) dgemm;
static _Atomic(const char *) name;
static _Atomic(uint64_t) spent;

int sg_blas_state(void) { return atomic_load(&off) ? sg_blas_off : atomic_load(&found); }

const char *sg_blas_name(void) {
  const char *known = atomic_load(&name);
  return known ? known : "";
}

void sg_blas_set_enabled(bool enabled) { atomic_store(&off, !enabled); }

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
    // The reference libblas.so.3 may come without the C interface.
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
  if (work >= large && !atomic_load(&off)) {
    if (atomic_load(&found) == sg_blas_not_searched) {
      uint64_t before = atomic_fetch_add(&spent, (uint64_t)work);
      if ((double)before + work >= worthwhile) sg_blas_load();
    }
    cblas_dgemm_function *f = atomic_load(&dgemm);
    const sg_size most = INT_MAX;
    if (f && m <= most && n <= most && k <= most && lda <= most && ldb <= most && ldc <= most) {
      f(101, transpose_a ? 112 : 111, transpose_b ? 112 : 111, (int)m, (int)n, (int)k, alpha, a, (int)lda, b,
        (int)ldb, beta, c, (int)ldc);
      return;
    }
  }
  sg_product(m, n, k, alpha, a, lda, transpose_a, b, ldb, transpose_b, beta, c, ldc);
}
