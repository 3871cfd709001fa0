#pragma once

/// 1,797 records of 65 characters: see digits.c for the encoding, the source and the licence.
const char *data_digits(void);
long data_digits_length(void);
