// Elementwise and row-wise loops. Multiplications and additions are never fused here, so that a result does not
// depend on the machine and equals the one that the stepper shows.
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "CKernels.h"
#include "clones.h"

#pragma STDC FP_CONTRACT OFF

CLONES void sg_axpy(sg_size n, double alpha, const double *x, double *y) {
  for (sg_size i = 0; i < n; i++) y[i] += alpha * x[i];
}

typedef struct {
  sg_size n, rows, parts;
  const uint8_t *x;
  const sg_size *row;
  const double *shift, *divisor;
  double *out;
} scaled_rows;

CLONES static void scale_part(void *context, sg_size index) {
  const scaled_rows *s = context;
  for (sg_size r = s->rows * index / s->parts; r < s->rows * (index + 1) / s->parts; r++) {
    const uint8_t *x = s->x + s->row[r] * s->n;
    double *out = s->out + r * s->n;
    for (sg_size i = 0; i < s->n; i++) out[i] = (x[i] - s->shift[i]) / s->divisor[i];
  }
}

// Entries from which on a loop over an array goes to all threads.
static const sg_size threaded_entries = 16384;

void sg_scale_rows(sg_size rows, sg_size n, const uint8_t *x, const sg_size *row, const double *shift,
                   const double *divisor, double *out) {
  scaled_rows s = {n, rows, rows * n < threaded_entries ? 1 : 4 * sg_thread_count(), x, row, shift, divisor, out};
  sg_parallel(s.parts, scale_part, &s);
}

void sg_row_sums(sg_size m, sg_size n, const double *x, double *out) {
  // A sum waits for each of its additions: eight of them wait side by side.
  enum { together = 8 };
  for (; m >= together && !sg_is_interrupted(); m -= together, x += together * n, out += together) {
    double sum[together] = {0};
    for (sg_size j = 0; j < n; j++)
      for (int r = 0; r < together; r++) sum[r] += x[r * n + j];
    memcpy(out, sum, sizeof sum);
  }
  for (; m > 0 && !sg_is_interrupted(); m--, x += n) {
    double sum = 0;
    for (sg_size j = 0; j < n; j++) sum += x[j];
    *out++ = sum;
  }
}

// MARK: Exponentials

static inline double bits_to_double(uint64_t bits) {
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static inline uint64_t double_to_bits(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

/// e^x = 2^k·e^r with |r| ≤ ln 2 / 2. No branch, so that the compiler makes vectors of it. The power of two is
/// applied in two halves, which carries it down to the subnormals and up to infinity.
static inline __attribute__((always_inline)) double exponential(double x) {
  const double shift = 0x1.8p52;
  double clamped = x > 710 ? 710 : x;  // nan fails both comparisons and goes through
  clamped = clamped < -746 ? -746 : clamped;
  double shifted = clamped * 0x1.71547652b82fep0 + shift;
  double k = shifted - shift;
  // ln 2 in two parts, the first with enough zero bits at its end for k times it to be exact.
  double high = clamped - k * 0x1.62e42fefa38p-1, low = k * 0x1.ef35793c7673p-45;
  double r = high - low;
  double lost = (high - r) - low;
  double t = r * r;
  // Taylor's series; the first term left out is below 2^-58 of the sum.
  double even = t * (1.0 / 3628800 + t * (1.0 / 479001600));
  even = 1.0 / 2 + t * (1.0 / 24 + t * (1.0 / 720 + t * (1.0 / 40320) + t * even));
  double odd = t * (1.0 / 39916800 + t * (1.0 / 6227020800));
  odd = 1.0 / 6 + t * (1.0 / 120 + t * (1.0 / 5040 + t * (1.0 / 362880) + t * odd));
  double value = 1 + (r + (lost + t * (even + r * odd)));
  uint64_t whole = double_to_bits(shifted) - double_to_bits(shift);
  uint64_t half = (uint64_t)((int64_t)(whole << 32) >> 33);
  double first = bits_to_double((half + 1023) << 52), second = bits_to_double((whole - half + 1023) << 52);
  return value * first * second;
}

/// log x for 1 ≤ x < ∞, with x = 2^k·(1 + f) and f between √½ − 1 and √2 − 1, after FreeBSD's e_log.c. No branch.
static inline __attribute__((always_inline)) double logarithm(double x) {
  uint64_t bits = double_to_bits(x) + (0x3ff0000000000000 - 0x3fe6a09e00000000);
  double k = (double)(int32_t)((int64_t)(bits >> 52) - 0x3ff);
  double f = bits_to_double((bits & 0x000fffffffffffff) + 0x3fe6a09e00000000) - 1;
  double s = f / (2 + f), z = s * s, w = z * z, half = 0.5 * f * f;
  double even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
  double odd = z * (6.666666666666735130e-01 +
                    w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
  return s * (half + even + odd) + k * 1.90821492927058770002e-10 - half + f + k * 6.93147180369123816490e-01;
}

CLONES void sg_exp(sg_size n, const double *x, double *out) {
  for (sg_size i = 0; i < n; i++) out[i] = exponential(x[i]);
}

/// 1 / (1 + e^-x); for x < 0 as e^x / (1 + e^x), which keeps its relative accuracy.
static inline __attribute__((always_inline)) double sigmoid(double x) {
  double e = exponential(x > 0 ? -x : x);
  return (x > 0 ? 1 : e) / (1 + e);
}

CLONES void sg_sigmoid(sg_size n, const double *x, double *out) {
  for (sg_size i = 0; i < n; i++) out[i] = sigmoid(x[i]);
}

/// Below 0.625 the rational function of Cephes (Moshier), above it 1 - 2/(e^2x + 1).
static inline __attribute__((always_inline)) double hyperbolic_tangent(double x) {
  double size = x < 0 ? -x : x;
  double z = size * size;
  double p = (-9.64399179425052238628e-1 * z + -9.92877231001918586564e1) * z + -1.61468768441708447952e3;
  double q = ((z + 1.12811678491632931402e2) * z + 2.23548839060100448583e3) * z + 4.84406305325125486048e3;
  double small = size + size * z * (p / q);
  double large = 1 - 2 / (exponential(2 * size) + 1);
  return copysign(size < 0.625 ? small : large, x);
}

CLONES void sg_tanh(sg_size n, const double *x, double *out) {
  for (sg_size i = 0; i < n; i++) out[i] = hyperbolic_tangent(x[i]);
}

/// The rational functions of Cephes (Moshier): of x² below 1, and from there on 1 - e^-x² times one of x. No branch.
static inline __attribute__((always_inline)) double error_function(double x) {
  double size = x < 0 ? -x : x, z = size * size;
  double t = (((9.60497373987051638749 * z + 9.00260197203842689217e1) * z + 2.23200534594684319226e3) * z +
              7.00332514112805075473e3) * z + 5.55923013010394962768e4;
  double u = ((((z + 3.35617141647503099647e1) * z + 5.21357949780152679795e2) * z + 4.59432382970980127987e3) * z +
              2.26290000613890934246e4) * z + 4.92673942608635921086e4;
  // Above 6 it is 1 to the last bit, and infinity would be a quotient of two.
  double y = size > 6 ? 6 : size;
  double p = (((((((2.46196981473530512524e-10 * y + 5.64189564831068821977e-1) * y + 7.46321056442269912687) * y +
                  4.86371970985681366614e1) * y + 1.96520832956077098242e2) * y + 5.26445194995477358631e2) * y +
               9.34528527171957607540e2) * y + 1.02755188689515710272e3) * y + 5.57535335369399327526e2;
  double q = (((((((y + 1.32281951154744992508e1) * y + 8.67072140885989742329e1) * y + 3.54937778887819891062e2) * y +
                 9.75708501743205489753e2) * y + 1.82390916687909736289e3) * y + 2.24633760818710981792e3) * y +
              1.65666309194161350182e3) * y + 5.57535340817727675546e2;
  return size < 1 ? x * (t / u) : copysign(1 - exponential(-y * y) * (p / q), x);
}

CLONES void sg_erf(sg_size n, const double *x, double *out) {
  for (sg_size i = 0; i < n; i++) out[i] = error_function(x[i]);
}

// MARK: Floats: computed in doubles and rounded once

CLONES void sg_erf_single(sg_size n, const float *x, float *out) {
  for (sg_size i = 0; i < n; i++) out[i] = (float)error_function(x[i]);
}

CLONES void sg_exp_single(sg_size n, const float *x, float *out) {
  for (sg_size i = 0; i < n; i++) out[i] = (float)exponential(x[i]);
}

CLONES void sg_sigmoid_single(sg_size n, const float *x, float *out) {
  for (sg_size i = 0; i < n; i++) out[i] = (float)sigmoid(x[i]);
}

CLONES void sg_tanh_single(sg_size n, const float *x, float *out) {
  for (sg_size i = 0; i < n; i++) out[i] = (float)hyperbolic_tangent(x[i]);
}

typedef struct {
  sg_size n, parts;
  const double *x;
  float *out;
} narrowed;

CLONES static void narrow_part(void *context, sg_size index) {
  const narrowed *a = context;
  for (sg_size i = a->n * index / a->parts; i < a->n * (index + 1) / a->parts; i++) a->out[i] = (float)a->x[i];
}

void sg_narrow(sg_size n, const double *x, float *out) {
  narrowed a = {n, n < threaded_entries ? 1 : sg_thread_count(), x, out};
  sg_parallel(a.parts, narrow_part, &a);
}

CLONES void sg_widen(sg_size n, const float *x, double *out) {
  for (sg_size i = 0; i < n; i++) out[i] = x[i];
}

// MARK: Rows

CLONES void sg_column_sums(sg_size m, sg_size n, const double *x, double *out) {
  for (sg_size j = 0; j < n; j++) out[j] = 0;
  for (sg_size i = 0; i < m && !sg_is_interrupted(); i++, x += n)
    for (sg_size j = 0; j < n; j++) out[j] += x[j];
}

/// The largest entry, or a nan that is among them; in several comparisons side by side.
static inline __attribute__((always_inline)) double largest(sg_size n, const double *z) {
  enum { lanes = 8 };
  double most = z[0];
  sg_size j = 1;
  if (n >= 2 * lanes) {
    double lane[lanes];
    memcpy(lane, z, sizeof lane);
    for (j = lanes; j + lanes <= n; j += lanes)
      for (int l = 0; l < lanes; l++) lane[l] = z[j + l] > lane[l] || z[j + l] != z[j + l] ? z[j + l] : lane[l];
    most = lane[0];
    for (int l = 1; l < lanes; l++) most = lane[l] > most || lane[l] != lane[l] ? lane[l] : most;
  }
  for (; j < n; j++) most = z[j] > most || z[j] != z[j] ? z[j] : most;
  return most;
}

CLONES static void rows_softmax(sg_size m, sg_size n, const double *z, double *s) {
  // The sums of several rows wait for their additions side by side.
  enum { together = 8 };
  double sum[together];
  for (sg_size i = 0; i < m && !sg_is_interrupted(); i += together) {
    const sg_size rows = m - i < together ? m - i : together;
    for (sg_size r = i; r < i + rows; r++) {
      const double most = largest(n, z + r * n);
      for (sg_size j = 0; j < n; j++) s[r * n + j] = exponential(z[r * n + j] - most);
    }
    sg_row_sums(rows, n, s + i * n, sum);
    for (sg_size r = 0; r < rows; r++)
      for (sg_size j = 0; j < n; j++) s[(i + r) * n + j] /= sum[r];
  }
}

void sg_row_softmax(sg_size m, sg_size n, const double *z, double *s) {
  if (n > 0) rows_softmax(m, n, z, s);
}

// Of rows that fit, several at a time: their exponentials are computed side by side, whatever the row's length.
enum { lse_entries = 256 };

static inline __attribute__((always_inline)) void short_rows_logsumexp(
    sg_size m, sg_size n, const double *z, double *out) {
  const sg_size together = lse_entries / n;
  double part[lse_entries], most[lse_entries], sum[lse_entries];
  for (sg_size i = 0; i < m && !sg_is_interrupted(); i += together, z += together * n, out += together) {
    const sg_size rows = m - i < together ? m - i : together;
    for (sg_size r = 0; r < rows; r++) {
      most[r] = largest(n, z + r * n);
      // An infinite row is its largest entry, and no difference of infinities.
      const double from = isinf(most[r]) ? 0 : most[r];
      for (sg_size j = 0; j < n; j++) part[r * n + j] = z[r * n + j] - from;
    }
    for (sg_size j = 0; j < rows * n; j++) part[j] = exponential(part[j]);
    for (sg_size r = 0; r < rows; r++) {
      sum[r] = 0;
      for (sg_size j = 0; j < n; j++) sum[r] += part[r * n + j];
    }
    for (sg_size r = 0; r < rows; r++) out[r] = isinf(most[r]) ? most[r] : most[r] + logarithm(sum[r]);
  }
}

CLONES static void rows_logsumexp(sg_size m, sg_size n, const double *z, double *out) {
  if (n > 0 && n <= lse_entries / 2) {
    short_rows_logsumexp(m, n, z, out);
    return;
  }
  for (sg_size i = 0; i < m && !sg_is_interrupted(); i++, z += n) {
    if (n <= 0) {
      out[i] = -INFINITY;
      continue;
    }
    double most = largest(n, z), sum = 0;
    if (isinf(most)) {
      out[i] = most;
      continue;
    }
    // Into a buffer first: a sum in order keeps the exponentials from being computed side by side.
    double part[lse_entries];
    for (sg_size from = 0; from < n; from += lse_entries) {
      const sg_size count = n - from < lse_entries ? n - from : lse_entries;
      for (sg_size j = 0; j < count; j++) part[j] = exponential(z[from + j] - most);
      for (sg_size j = 0; j < count; j++) sum += part[j];
    }
    out[i] = most + log(sum);
  }
}

typedef struct {
  sg_size m, n, parts;
  const double *z;
  double *out;
} row_parts;

static void logsumexp_of_part(void *context, sg_size index) {
  const row_parts *x = context;
  const sg_size from = x->m * index / x->parts, to = x->m * (index + 1) / x->parts;
  rows_logsumexp(to - from, x->n, x->z + from * x->n, x->out + from);
}

void sg_row_logsumexp(sg_size m, sg_size n, const double *z, double *out) {
  // An exponential is about 2 ns: below some 30 µs another thread is not worth its waking. It may come late: what it
  // has not begun then is done here.
  row_parts x = {m, n, m * n < threaded_entries ? 1 : 4 * sg_thread_count(), z, out};
  sg_parallel(x.parts, logsumexp_of_part, &x);
}

typedef struct {
  sg_size copies, m, n, p, parts;
  const double *b, *changed, *a, *w;
  const sg_size *column;
  double *out;
} moved_rows;

CLONES static void moved_of_part(void *context, sg_size index) {
  const moved_rows *x = context;
  const sg_size m = x->m, p = x->p;
  const sg_size from = x->copies * index / x->parts, to = x->copies * (index + 1) / x->parts;
  for (sg_size c = from; c < to && !sg_is_interrupted(); c++) {
    const double *row = x->w + x->column[c] * p, *a = x->a + x->column[c], *changed = x->changed + c * m;
    double *restrict out = x->out + c * m * p;
    for (sg_size i = 0; i < m; i++) {
      const double change = changed[i] - a[i * x->n];
      for (sg_size k = 0; k < p; k++) out[i * p + k] = x->b[i * p + k] + change * row[k];
    }
  }
}

void sg_moved_rows(sg_size copies, sg_size m, sg_size n, sg_size p, const double *b, const double *changed,
                   const double *a, const sg_size *column, const double *w, double *out) {
  moved_rows x = {copies, m, n, p, copies * m * p < threaded_entries ? 1 : 4 * sg_thread_count(), b, changed, a, w, column, out};
  sg_parallel(x.parts, moved_of_part, &x);
}
