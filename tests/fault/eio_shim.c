/* Makes syncing fail: LD_PRELOAD this, and after TOCSIN_EIO_AFTER calls every
 * fsync and fdatasync of a file whose path contains TOCSIN_EIO_PATH returns EIO,
 * as a disk that is going does. Says so once on standard error. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_long calls;

static int fails(int fd) {
  const char *after = getenv("TOCSIN_EIO_AFTER");
  const char *part = getenv("TOCSIN_EIO_PATH");
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t size = readlink(link, path, sizeof path - 1);
  if (after == NULL || part == NULL || size <= 0) return 0;
  path[size] = '\0';
  if (strstr(path, part) == NULL) return 0;
  long call = atomic_fetch_add(&calls, 1) + 1;
  if (call == atol(after) + 1) fprintf(stderr, "eio_shim: %s fails\n", path);
  return call > atol(after);
}

int fsync(int fd) {
  static int (*real)(int);
  if (fails(fd)) {
    errno = EIO;
    return -1;
  }
  if (real == NULL) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  return real(fd);
}

int fdatasync(int fd) {
  static int (*real)(int);
  if (fails(fd)) {
    errno = EIO;
    return -1;
  }
  if (real == NULL) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  return real(fd);
}
