// A function in three builds, of which the loader picks one by the processor.
#ifndef __has_feature
#define __has_feature(x) 0
#endif

// What picks runs before the thread sanitizer is there to be told of it.
#if defined(__x86_64__) && defined(__GLIBC__) && !__has_feature(thread_sanitizer)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif
