// Flat kernels over row-major arrays of doubles. No function allocates in its hot path, none keeps a pointer,
// none reads a buffer whose extent is zero. Sizes are counts of doubles and must not be negative.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef intptr_t sg_size;

// MARK: Ctrl-C (interruption.c)

/// Whether the work at hand is to end: long loops ask, and leave with their result unfinished. Safe in a signal handler.
bool sg_is_interrupted(void);
void sg_set_interrupted(bool is);
/// Begins and ends a stretch of work that is short and must not be left half done.
void sg_defer_interruption(bool is);
/// From so many seconds of computing in this thread on it is, for this thread, as if it were interrupted; 0 ends that.
void sg_set_deadline(double seconds);
/// For this thread it is as if it were interrupted when it asks for the nth time from here on; 0 takes that back.
void sg_interrupt_at_question(int64_t number);

// MARK: Threads (pool.c)

typedef void (*sg_task)(void *context, sg_size index);

/// Runs task(context, 0), …, task(context, count - 1), on several threads when the pool is free, and returns
/// when all are done. The pool starts at the first call with count > 1. A nested call, or one made while
/// another thread uses the pool, runs in its own thread.
void sg_parallel(sg_size count, sg_task task, void *context);

/// The most threads that sg_parallel uses, the caller's included: the processors, but not more than 8.
int sg_thread_count(void);

/// Has the C library keep freed buffers for the next ones instead of giving their pages back.
void sg_keep_freed_memory(void);

/// Asks for pages of 2 MiB, which a product goes through with a hundredth of the look-ups.
void sg_prefer_large_pages(void *start, sg_size bytes);

/// Bytes that the process has allocated and not freed.
int64_t sg_memory_in_use(void);
/// Bytes that the machine has, or that the process may have where that is less.
int64_t sg_memory_of_machine(void);

/// Lowers that number (1: no threads), or takes the limit away again with 0.
void sg_limit_threads(int count);

/// A copy of this process, which must have no other thread: 0 in the copy, which starts none and ends with this one;
/// its number here, or -1.
int sg_fork(void);

// MARK: Matrix product (product.c)

/// C = alpha·op(A)·op(B) + beta·C; op(A) m×k, op(B) k×n, C m×n; lda, ldb, ldc are the strides of the rows as
/// stored. With beta = 0, C is not read. C must not overlap A or B. Products of at most sg_plain_limit
/// multiplications sum over k from left to right without fused multiply-add, so that they give what a hand
/// calculation in doubles gives, on every machine.
/// The result depends on the instruction set but not on the number of threads.
void sg_product(sg_size m, sg_size n, sg_size k, double alpha, const double *a, sg_size lda, bool transpose_a,
                const double *b, sg_size ldb, bool transpose_b, double beta, double *c, sg_size ldc);

/// The same in floats.
void sg_product_single(sg_size m, sg_size n, sg_size k, float alpha, const float *a, sg_size lda, bool transpose_a,
                       const float *b, sg_size ldb, bool transpose_b, float beta, float *c, sg_size ldc);

extern const sg_size sg_plain_limit;

/// "AVX-512", "AVX2 and FMA" or "baseline".
const char *sg_product_instructions(void);

/// Fused multiply-adds on every thread, `rounds` times a few dozen, in the vectors that products use. Returns how many
/// floating-point operations they were.
double sg_multiply_adds(sg_size rounds);

/// Leaves wider vectors unused in products that this thread asks for (128, 256, 512), or takes the limit away again with
/// 0: how the kernels that this machine would not choose are tested.
void sg_limit_vectors(int bits);

/// out (columns×rows) = in (rows×columns) transposed, block by block. No overlap.
void sg_transpose(sg_size rows, sg_size columns, const double *in, double *out);
void sg_transpose_single(sg_size rows, sg_size columns, const float *in, float *out);

// MARK: An installed BLAS (blas.c)

enum { sg_blas_off = 0, sg_blas_not_searched = 1, sg_blas_not_found = 2, sg_blas_loaded = 3 };

/// One of the states above.
int sg_blas_state(void);

/// Path or soname of the library that answered, "" when there is none.
const char *sg_blas_name(void);

/// Off: products use sg_product only. On: a library is used where it pays.
void sg_blas_set_enabled(bool enabled);

/// Whether every product from 4·10⁶ operations on goes to a loaded library, instead of those between sg_blas_begin
/// and sg_blas_end for which it is known to be faster.
void sg_blas_force(bool use);
bool sg_blas_is_forced(void);

/// A stretch of work of so many floating-point operations begins: looks for a library when that pays. Give the
/// answer to sg_blas_end.
bool sg_blas_begin(double operations);
void sg_blas_end(bool began);

/// Looks for a library now (once in the life of the process), unless off. Returns the state.
int sg_blas_load(void);

/// As sg_product, through cblas_dgemm when a library is loaded and the product is large enough.
void sg_multiply(sg_size m, sg_size n, sg_size k, double alpha, const double *a, sg_size lda, bool transpose_a,
                 const double *b, sg_size ldb, bool transpose_b, double beta, double *c, sg_size ldc);

// MARK: Elementwise kernels (elementwise.c). `out` may be one of the inputs.

void sg_axpy(sg_size n, double alpha, const double *x, double *y);             // y += alpha·x
/// Row r of out (rows×n) is (row[r] of x - shift) / divisor.
void sg_scale_rows(sg_size rows, sg_size n, const uint8_t *x, const sg_size *row, const double *shift,
                   const double *divisor, double *out);
/// out[i] = the sum of row i of n, from left to right.
void sg_row_sums(sg_size m, sg_size n, const double *x, double *out);

// Within 1 ulp (exp), 1.5 ulp (tanh), 2.5 ulp (sigmoid), 3 ulp (erf) of the exact value; the same bits on every machine.
void sg_exp(sg_size n, const double *x, double *out);
void sg_sigmoid(sg_size n, const double *x, double *out);
void sg_tanh(sg_size n, const double *x, double *out);
void sg_erf(sg_size n, const double *x, double *out);
// The same of floats, rounded to the nearest float.
void sg_exp_single(sg_size n, const float *x, float *out);
void sg_sigmoid_single(sg_size n, const float *x, float *out);
void sg_tanh_single(sg_size n, const float *x, float *out);
void sg_erf_single(sg_size n, const float *x, float *out);
void sg_narrow(sg_size n, const double *x, float *out);  // each rounded to the nearest float
void sg_widen(sg_size n, const float *x, double *out);

void sg_column_sums(sg_size m, sg_size n, const double *x, double *out);                  // out 1×n, rows in order
/// Softmax of each row, the row's maximum subtracted; s may be z. A row with nan or +inf gives nan.
void sg_row_softmax(sg_size m, sg_size n, const double *z, double *s);
/// out[i] = log Σ_j exp z[i,j], the row's maximum taken out.
void sg_row_logsumexp(sg_size m, sg_size n, const double *z, double *out);
/// out (copies·m × p): for every copy c the rows of b (m×p), each with its (changed[c,i] - a[i,j])·w[j,:] added, j being
/// column[c]; a m×n, w n×p.
void sg_moved_rows(sg_size copies, sg_size m, sg_size n, sg_size p, const double *b, const double *changed,
                   const double *a, const sg_size *column, const double *w, double *out);

// MARK: Fused loops (blocks.c)

enum {
  sg_block_add, sg_block_subtract, sg_block_multiply, sg_block_divide,
  sg_block_less, sg_block_less_or_equal, sg_block_greater, sg_block_greater_or_equal,
  sg_block_equal, sg_block_not_equal, sg_block_maximum, sg_block_minimum,
  sg_block_negative, sg_block_relu, sg_block_square_root, sg_block_absolute,
  sg_block_where, sg_block_clip, sg_block_sigmoid, sg_block_tanh, sg_block_exp, sg_block_erf,
};

/// One operation on a block of n entries; false when there is none of that number. Operands that an operation
/// does not have are not read. `out` may be one of the operands.
bool sg_block(int operation, sg_size n, const double *x, const double *y, const double *z, double *out);
/// The same in floats.
bool sg_block_single(int operation, sg_size n, const float *x, const float *y, const float *z, float *out);

// MARK: Softmax Jacobians (softmax_jacobian.c)

/// j[i] = diag(s[i]) - s[i]ᵀ s[i] for each of m rows of k; j holds m·k·k.
void sg_softmax_jacobian(sg_size m, sg_size k, const double *s, double *j);
/// out[i] = g[i] @ j[i]; g and out m×k, j m×k×k.
void sg_contract(sg_size m, sg_size k, const double *g, const double *j, double *out);
/// The same from the softmax s (m×k): every entry of every sample's Jacobian is computed and used, none is stored.
void sg_contract_softmax(sg_size m, sg_size k, const double *g, const double *s, double *out);

// MARK: Convolution and pooling (convolution.c), images as channels×height×width

/// One image to columns: (channels·kh·kw)×(oh·ow), zero where the window hangs over the edge.
void sg_im2col(sg_size channels, sg_size height, sg_size width, sg_size kh, sg_size kw, sg_size stride_h,
               sg_size stride_w, sg_size pad_h, sg_size pad_w, sg_size oh, sg_size ow, const double *image,
               double *columns);
/// Its transpose: adds the columns back onto the image, which is not cleared first.
void sg_col2im(sg_size channels, sg_size height, sg_size width, sg_size kh, sg_size kw, sg_size stride_h,
               sg_size stride_w, sg_size pad_h, sg_size pad_w, sg_size oh, sg_size ow, const double *columns,
               double *image);

typedef struct {
  sg_size samples, in_channels, height, width;
  sg_size out_channels, kernel_h, kernel_w;
  sg_size stride_h, stride_w, pad_h, pad_w;
  sg_size out_h, out_w;
} sg_convolution;

/// Doubles of scratch that each of the three functions below needs.
sg_size sg_convolution_scratch(const sg_convolution *shape);

/// y = x cross-correlated with w (NCHW, no bias).
void sg_conv2d(const sg_convolution *shape, const double *x, const double *w, double *y, double *scratch);
void sg_conv2d_input_gradient(const sg_convolution *shape, const double *dy, const double *w, double *dx,
                              double *scratch);
void sg_conv2d_weight_gradient(const sg_convolution *shape, const double *dy, const double *x, double *dw,
                               double *scratch);

typedef struct {
  sg_size planes, height, width;  // planes = samples·channels
  sg_size window_h, window_w, stride_h, stride_w;
  sg_size out_h, out_w;
} sg_pooling;

void sg_max_pool(const sg_pooling *shape, const double *x, double *y);
/// The entries of `a` at the first maximum of each window of `x`.
void sg_max_pool_entries(const sg_pooling *shape, const double *x, const double *a, double *y);
/// The gradient goes to the first maximum of each window in row-major order (nan counts as the largest).
void sg_max_pool_backward(const sg_pooling *shape, const double *x, const double *dy, double *dx);
void sg_average_pool(const sg_pooling *shape, const double *x, double *y);
void sg_average_pool_backward(const sg_pooling *shape, const double *dy, double *dx);

#ifdef __cplusplus
}
#endif
