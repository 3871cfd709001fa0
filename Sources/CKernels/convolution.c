// Convolution through im2col and the matrix product, and pooling, on images stored as channels×height×width.
#include <string.h>

#include "CKernels.h"

/// Samples are divided into this many parts whatever the number of threads, so that the sum over samples in
/// the weight gradient is always taken in the same order.
static const sg_size most_parts = 4;

/// The range of output positions whose input position o·stride + offset lies inside 0..<extent.
static void inside_range(sg_size out, sg_size extent, sg_size stride, sg_size offset, sg_size *from, sg_size *to) {
  sg_size first = offset >= 0 ? 0 : (-offset + stride - 1) / stride;
  sg_size last = extent - offset <= 0 ? 0 : (extent - offset + stride - 1) / stride;
  *to = last < out ? last : out;
  *from = first < *to ? first : *to;
}

void sg_im2col(sg_size channels, sg_size height, sg_size width, sg_size kh, sg_size kw, sg_size stride_h,
               sg_size stride_w, sg_size pad_h, sg_size pad_w, sg_size oh, sg_size ow, const double *image,
               double *columns) {
  for (sg_size c = 0; c < channels && !sg_is_interrupted(); c++, image += height * width)
    for (sg_size i = 0; i < kh; i++)
      for (sg_size j = 0; j < kw; j++) {
        sg_size from, to;
        inside_range(ow, width, stride_w, j - pad_w, &from, &to);
        for (sg_size y = 0; y < oh; y++, columns += ow) {
          sg_size row = y * stride_h + i - pad_h;
          if (row < 0 || row >= height || from >= to) {
            for (sg_size x = 0; x < ow; x++) columns[x] = 0;
            continue;
          }
          const double *source = image + row * width + from * stride_w + j - pad_w;
          for (sg_size x = 0; x < from; x++) columns[x] = 0;
          if (stride_w == 1)
            memcpy(columns + from, source, (size_t)(to - from) * sizeof(double));
          else
            for (sg_size x = from; x < to; x++) columns[x] = source[(x - from) * stride_w];
          for (sg_size x = to; x < ow; x++) columns[x] = 0;
        }
      }
}

void sg_col2im(sg_size channels, sg_size height, sg_size width, sg_size kh, sg_size kw, sg_size stride_h,
               sg_size stride_w, sg_size pad_h, sg_size pad_w, sg_size oh, sg_size ow, const double *columns,
               double *image) {
  for (sg_size c = 0; c < channels; c++, image += height * width)
    for (sg_size i = 0; i < kh; i++)
      for (sg_size j = 0; j < kw; j++) {
        sg_size from, to;
        inside_range(ow, width, stride_w, j - pad_w, &from, &to);
        for (sg_size y = 0; y < oh; y++, columns += ow) {
          sg_size row = y * stride_h + i - pad_h;
          if (row < 0 || row >= height || from >= to) continue;
          double *target = image + row * width + from * stride_w + j - pad_w;
          for (sg_size x = from; x < to; x++) target[(x - from) * stride_w] += columns[x];
        }
      }
}

static sg_size patch(const sg_convolution *s) { return s->in_channels * s->kernel_h * s->kernel_w; }
static sg_size places(const sg_convolution *s) { return s->out_h * s->out_w; }
static sg_size parts(const sg_convolution *s) { return s->samples < most_parts ? s->samples : most_parts; }
static sg_size part_scratch(const sg_convolution *s) { return patch(s) * (places(s) + s->out_channels); }

sg_size sg_convolution_scratch(const sg_convolution *shape) { return parts(shape) * part_scratch(shape); }

typedef struct {
  const sg_convolution *shape;
  const double *x, *w, *dy;
  double *out, *scratch;
} work;

static void to_columns(const sg_convolution *s, const double *image, double *columns) {
  sg_im2col(s->in_channels, s->height, s->width, s->kernel_h, s->kernel_w, s->stride_h, s->stride_w, s->pad_h,
            s->pad_w, s->out_h, s->out_w, image, columns);
}

static void forward_part(void *context, sg_size index) {
  const work *job = context;
  const sg_convolution *s = job->shape;
  const sg_size k = patch(s), p = places(s), in = s->in_channels * s->height * s->width;
  double *columns = job->scratch + index * part_scratch(s);
  for (sg_size i = s->samples * index / parts(s); i < s->samples * (index + 1) / parts(s) && !sg_is_interrupted(); i++) {
    to_columns(s, job->x + i * in, columns);
    sg_product(s->out_channels, p, k, 1, job->w, k, false, columns, p, false, 0,
               job->out + i * s->out_channels * p, p);
  }
}

void sg_conv2d(const sg_convolution *shape, const double *x, const double *w, double *y, double *scratch) {
  work job = {shape, x, w, 0, y, scratch};
  sg_parallel(parts(shape), forward_part, &job);
}

static void input_gradient_part(void *context, sg_size index) {
  const work *job = context;
  const sg_convolution *s = job->shape;
  const sg_size k = patch(s), p = places(s), in = s->in_channels * s->height * s->width;
  double *columns = job->scratch + index * part_scratch(s);
  for (sg_size i = s->samples * index / parts(s); i < s->samples * (index + 1) / parts(s) && !sg_is_interrupted(); i++) {
    double *image = job->out + i * in;
    sg_product(k, p, s->out_channels, 1, job->w, k, true, job->dy + i * s->out_channels * p, p, false, 0,
               columns, p);
    memset(image, 0, (size_t)in * sizeof(double));
    sg_col2im(s->in_channels, s->height, s->width, s->kernel_h, s->kernel_w, s->stride_h, s->stride_w, s->pad_h,
              s->pad_w, s->out_h, s->out_w, columns, image);
  }
}

void sg_conv2d_input_gradient(const sg_convolution *shape, const double *dy, const double *w, double *dx,
                              double *scratch) {
  work job = {shape, 0, w, dy, dx, scratch};
  sg_parallel(parts(shape), input_gradient_part, &job);
}

static void weight_gradient_part(void *context, sg_size index) {
  const work *job = context;
  const sg_convolution *s = job->shape;
  const sg_size k = patch(s), p = places(s), in = s->in_channels * s->height * s->width;
  double *columns = job->scratch + index * part_scratch(s), *sum = columns + k * p;
  sg_size first = s->samples * index / parts(s);
  for (sg_size i = first; i < s->samples * (index + 1) / parts(s) && !sg_is_interrupted(); i++) {
    to_columns(s, job->x + i * in, columns);
    sg_product(s->out_channels, k, p, 1, job->dy + i * s->out_channels * p, p, false, columns, p, true,
               i == first ? 0 : 1, sum, k);
  }
}

void sg_conv2d_weight_gradient(const sg_convolution *shape, const double *dy, const double *x, double *dw,
                               double *scratch) {
  work job = {shape, x, 0, dy, dw, scratch};
  const sg_size count = shape->out_channels * patch(shape);
  for (sg_size i = 0; i < count; i++) dw[i] = 0;
  sg_parallel(parts(shape), weight_gradient_part, &job);
  for (sg_size part = 0; part < parts(shape); part++)
    sg_axpy(count, 1, scratch + part * part_scratch(shape) + patch(shape) * places(shape), dw);
}

// MARK: Pooling

static sg_size first_maximum(const sg_pooling *s, const double *plane, sg_size y, sg_size x) {
  sg_size best = y * s->stride_h * s->width + x * s->stride_w;
  for (sg_size i = 0; i < s->window_h; i++)
    for (sg_size j = 0; j < s->window_w; j++) {
      sg_size at = (y * s->stride_h + i) * s->width + x * s->stride_w + j;
      bool best_is_nan = plane[best] != plane[best];
      if (!best_is_nan && (plane[at] > plane[best] || plane[at] != plane[at])) best = at;
    }
  return best;
}

void sg_max_pool(const sg_pooling *s, const double *x, double *y) {
  for (sg_size p = 0; p < s->planes && !sg_is_interrupted(); p++, x += s->height * s->width)
    for (sg_size i = 0; i < s->out_h; i++)
      for (sg_size j = 0; j < s->out_w; j++) *y++ = x[first_maximum(s, x, i, j)];
}

void sg_max_pool_entries(const sg_pooling *s, const double *x, const double *a, double *y) {
  const sg_size plane = s->height * s->width;
  for (sg_size p = 0; p < s->planes && !sg_is_interrupted(); p++, x += plane, a += plane)
    for (sg_size i = 0; i < s->out_h; i++)
      for (sg_size j = 0; j < s->out_w; j++) *y++ = a[first_maximum(s, x, i, j)];
}

void sg_max_pool_backward(const sg_pooling *s, const double *x, const double *dy, double *dx) {
  const sg_size plane = s->height * s->width;
  for (sg_size p = 0; p < s->planes && !sg_is_interrupted(); p++, x += plane, dx += plane) {
    for (sg_size i = 0; i < plane; i++) dx[i] = 0;
    for (sg_size i = 0; i < s->out_h; i++)
      for (sg_size j = 0; j < s->out_w; j++) dx[first_maximum(s, x, i, j)] += *dy++;
  }
}

void sg_average_pool(const sg_pooling *s, const double *x, double *y) {
  const double count = (double)(s->window_h * s->window_w);
  for (sg_size p = 0; p < s->planes && !sg_is_interrupted(); p++, x += s->height * s->width)
    for (sg_size i = 0; i < s->out_h; i++)
      for (sg_size j = 0; j < s->out_w; j++) {
        double sum = 0;
        for (sg_size v = 0; v < s->window_h; v++)
          for (sg_size u = 0; u < s->window_w; u++)
            sum += x[(i * s->stride_h + v) * s->width + j * s->stride_w + u];
        *y++ = sum / count;
      }
}

void sg_average_pool_backward(const sg_pooling *s, const double *dy, double *dx) {
  const sg_size plane = s->height * s->width;
  const double count = (double)(s->window_h * s->window_w);
  for (sg_size p = 0; p < s->planes && !sg_is_interrupted(); p++, dx += plane) {
    for (sg_size i = 0; i < plane; i++) dx[i] = 0;
    for (sg_size i = 0; i < s->out_h; i++)
      for (sg_size j = 0; j < s->out_w; j++, dy++)
        for (sg_size v = 0; v < s->window_h; v++)
          for (sg_size u = 0; u < s->window_w; u++)
            dx[(i * s->stride_h + v) * s->width + j * s->stride_w + u] += *dy / count;
  }
}
