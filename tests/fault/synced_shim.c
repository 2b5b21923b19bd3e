// Notes how much of each file has been synced: power.py cuts files back to that
// after a kill, as a power cut would. To be preloaded (LD_PRELOAD).
//
// Appends a line `SIZE PATH` to the file that TOCSIN_SYNC_LOG names, after each
// fsync() and fdatasync() that succeeded.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void note(int fd, long long size) {
  static int log_fd = -1;
  char link[64];
  char path[PATH_MAX];
  char line[PATH_MAX + 32];
  if (log_fd < 0) {
    const char* name = getenv("TOCSIN_SYNC_LOG");
    if (name == NULL) return;
    log_fd = open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (log_fd < 0) abort();
  }
  snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link, path, sizeof(path) - 1);
  if (length < 0) return;
  path[length] = 0;
  const int size_of_line = snprintf(line, sizeof(line), "%lld %s\n", size, path);
  // One write, so that lines of several threads do not mix.
  if (write(log_fd, line, (size_t)size_of_line) != size_of_line) abort();
}

// What was written before the call is safe after it; what was written during
// it may be or not.
static int sync_with(const char* name, int fd) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  struct stat before;
  const int known = fstat(fd, &before) == 0 && S_ISREG(before.st_mode);
  const int result = real(fd);
  if (result == 0 && known) note(fd, (long long)before.st_size);
  return result;
}

int fsync(int fd) { return sync_with("fsync", fd); }
int fdatasync(int fd) { return sync_with("fdatasync", fd); }
