#pragma once

/// 1,797 records of 65 characters: see digits.c for the encoding, the source and the licence.
const char *data_digits(void);
long data_digits_length(void);

/// zlib's `z_stream`, declared here because zlib is found at run time and its headers need not be installed.
/// The layout is part of zlib's stable ABI: `inflateInit2_` checks its size.
struct data_z_stream {
  const unsigned char *next_in;
  unsigned int avail_in;
  unsigned long total_in;
  unsigned char *next_out;
  unsigned int avail_out;
  unsigned long total_out;
  const char *msg;
  void *state;
  void *zalloc;
  void *zfree;
  void *opaque;
  int data_type;
  unsigned long adler;
  unsigned long reserved;
};
