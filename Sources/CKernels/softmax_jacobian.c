// J = diag(s) - sᵀ s for every sample, written once, and its contraction with dS.
#include "CKernels.h"
#include "clones.h"

#pragma STDC FP_CONTRACT OFF

/// About as many entries as one part should have for waking a thread to pay.
enum { part_entries = 1 << 16 };

typedef struct {
  sg_size k, rows, parts;
  const double *s, *g;
  double *out;
} job;

/// Rows of J are numbered through: row r belongs to sample r / k.
CLONES static void jacobian_rows(const job *j, sg_size from, sg_size to) {
  const sg_size k = j->k;
  for (sg_size r = from; r < to && !sg_is_interrupted(); r++) {
    const double *s = j->s + r / k * k;
    const double own = s[r % k];
    double *row = j->out + r * k;
    for (sg_size c = 0; c < k; c++) row[c] = -own * s[c];
    row[r % k] += own;
  }
}

CLONES static void contract_samples(const job *j, sg_size from, sg_size to) {
  const sg_size k = j->k;
  for (sg_size i = from; i < to && !sg_is_interrupted(); i++) {
    double *out = j->out + i * k;
    const double *g = j->g + i * k;
    for (sg_size c = 0; c < k; c++) out[c] = 0;
    for (sg_size r = 0; r < k; r++) {
      const double factor = g[r], *row = j->s + (i * k + r) * k;
      for (sg_size c = 0; c < k; c++) out[c] += factor * row[c];
    }
  }
}

static sg_size parts(sg_size rows, double entries) {
  sg_size most = 4 * (sg_size)sg_thread_count();
  double wanted = entries / part_entries;
  sg_size count = wanted < 1 ? 1 : wanted > (double)most ? most : (sg_size)wanted;
  return count < rows ? count : rows < 1 ? 1 : rows;
}

/// A row of J at a time, used while it is still in the nearest cache: s stands for the softmax itself here.
CLONES static void stream_samples(const job *j, sg_size from, sg_size to) {
  const sg_size k = j->k;
  for (sg_size i = from; i < to && !sg_is_interrupted(); i++) {
    const double *s = j->s + i * k, *g = j->g + i * k;
    double *out = j->out + i * k;
    for (sg_size c = 0; c < k; c++) out[c] = 0;
    for (sg_size r = 0; r < k; r++) {
      const double own = s[r], factor = g[r];
      // The diagonal entry as it is stored otherwise: -s·s + s.
      const double before = out[r];
      for (sg_size c = 0; c < k; c++) out[c] += factor * (-own * s[c]);
      out[r] = before + factor * (-own * own + own);
    }
  }
}

static void stream_part(void *context, sg_size index) {
  const job *j = context;
  stream_samples(j, j->rows * index / j->parts, j->rows * (index + 1) / j->parts);
}

void sg_contract_softmax(sg_size m, sg_size k, const double *g, const double *s, double *out) {
  if (m <= 0 || k <= 0) return;
  job work = {k, m, 1, s, g, out};
  work.parts = parts(m, (double)m * (double)k * (double)k);
  sg_parallel(work.parts, stream_part, &work);
}

static void jacobian_part(void *context, sg_size index) {
  const job *j = context;
  jacobian_rows(j, j->rows * index / j->parts, j->rows * (index + 1) / j->parts);
}

static void contract_part(void *context, sg_size index) {
  const job *j = context;
  contract_samples(j, j->rows * index / j->parts, j->rows * (index + 1) / j->parts);
}

void sg_softmax_jacobian(sg_size m, sg_size k, const double *s, double *j) {
  if (m <= 0 || k <= 0) return;
  job work = {k, m * k, 1, s, 0, j};
  work.parts = parts(m * k, (double)m * (double)k * (double)k);
  sg_parallel(work.parts, jacobian_part, &work);
}

void sg_contract(sg_size m, sg_size k, const double *g, const double *j, double *out) {
  if (m <= 0 || k <= 0) return;
  job work = {k, m, 1, j, g, out};
  work.parts = parts(m, (double)m * (double)k * (double)k);
  sg_parallel(work.parts, contract_part, &work);
}
