// The operations of a block, included once for each type of number with REAL, the NAME of the function to define and
// the functions of one number.
CLONES STATIC bool NAME(int operation, sg_size n, const REAL *x, const REAL *y, const REAL *z, REAL *out) {
  switch (operation) {
    case sg_block_add: EACH(x[i] + y[i])
    case sg_block_subtract: EACH(x[i] - y[i])
    case sg_block_multiply: EACH(x[i] * y[i])
    case sg_block_divide: EACH(x[i] / y[i])
    case sg_block_less: EACH(x[i] < y[i] ? 1 : 0)
    case sg_block_less_or_equal: EACH(x[i] <= y[i] ? 1 : 0)
    case sg_block_greater: EACH(x[i] > y[i] ? 1 : 0)
    case sg_block_greater_or_equal: EACH(x[i] >= y[i] ? 1 : 0)
    case sg_block_equal: EACH(x[i] == y[i] ? 1 : 0)
    case sg_block_not_equal: EACH(x[i] != y[i] ? 1 : 0)
    case sg_block_maximum: EACH(x[i] != x[i] || x[i] > y[i] ? x[i] : y[i])
    case sg_block_minimum: EACH(x[i] != x[i] || x[i] < y[i] ? x[i] : y[i])
    case sg_block_negative: EACH(-x[i])
    case sg_block_relu: EACH(x[i] <= 0 ? 0 : x[i])
    case sg_block_square_root: EACH(SQUARE_ROOT(x[i]))
    case sg_block_absolute: EACH(ABSOLUTE(x[i]))
    case sg_block_where: EACH(x[i] != 0 ? y[i] : z[i])
    case sg_block_clip: EACH(x[i] < y[i] ? y[i] : x[i] > z[i] ? z[i] : x[i])
    case sg_block_sigmoid: SIGMOID(n, x, out); return true;
    case sg_block_tanh: TANH(n, x, out); return true;
    case sg_block_exp: EXP(n, x, out); return true;
    case sg_block_erf: ERF(n, x, out); return true;
  }
  return false;
}
