#pragma once
#include <zlib.h>

/// Raw DEFLATE data, without a header. `inflateInit2` is a macro, which Swift does not see.
static inline int zlib_start_raw_inflate(z_stream *stream) { return inflateInit2(stream, -MAX_WBITS); }
