/* Stands in for a power cut and for a bad disk (LD_PRELOAD).
 *
 * PL_SRC, PL_DST  At each successful fsync or fdatasync of a file under PL_SRC the file is copied
 *                 to the same place under PL_DST. After a kill PL_DST holds what a power cut would
 *                 leave if nothing but a sync makes data durable.
 * PL_FAIL_AFTER   The fdatasync with this number of the files whose name begins with PL_FAIL_FILE
 *                 fails with EIO, once, and copies nothing: the kernel reports a lost write a
 *                 single time and then forgets it. (It tells each descriptor; sled's own fsync,
 *                 whose error it ignores, is left alone.)
 * PL_DELAY_US     Every sync takes this much longer.
 *
 * gcc -O2 -shared -fPIC -o powerloss.so powerloss.c -ldl
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t copying = PTHREAD_MUTEX_INITIALIZER;
static long syncs = 0;

/* The path of an open regular file under PL_SRC; 0: it is none. */
static int watched(int fd, char *path, size_t size) {
  const char *source = getenv("PL_SRC");
  char link[64];
  struct stat info;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, size - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return source && strncmp(path, source, strlen(source)) == 0 && stat(path, &info) == 0 &&
         S_ISREG(info.st_mode);
}

static void copy_to_shadow(const char *path) {
  const char *source = getenv("PL_SRC"), *shadow = getenv("PL_DST");
  char target[8192], fresh[8300];
  if (!shadow) return;
  snprintf(target, sizeof target, "%s%s", shadow, path + strlen(source));
  for (char *at = target + 1; *at; at++) {
    if (*at != '/') continue;
    *at = 0;
    mkdir(target, 0755);
    *at = '/';
  }
  snprintf(fresh, sizeof fresh, "%s.pltmp", target);
  pthread_mutex_lock(&copying);
  int in = open(path, O_RDONLY), out = open(fresh, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (in >= 0 && out >= 0) {
    while (copy_file_range(in, 0, out, 0, 1 << 30, 0) > 0) {
    }
    rename(fresh, target);
  }
  if (in >= 0) close(in);
  if (out >= 0) close(out);
  pthread_mutex_unlock(&copying);
}

static int sync_as(const char *name, int fd) {
  char path[4096];
  int mine = watched(fd, path, sizeof path);
  const char *delay = getenv("PL_DELAY_US"), *fail = getenv("PL_FAIL_AFTER"),
             *which = getenv("PL_FAIL_FILE");
  if (mine && delay) usleep((useconds_t)atol(delay));
  if (mine && fail && which && strcmp(name, "fdatasync") == 0 &&
      strncmp(strrchr(path, '/') + 1, which, strlen(which)) == 0 &&
      __sync_add_and_fetch(&syncs, 1) == atol(fail)) {
    errno = EIO;
    return -1;
  }
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  int result = real(fd);
  if (result == 0 && mine) copy_to_shadow(path);
  return result;
}

int fsync(int fd) { return sync_as("fsync", fd); }
int fdatasync(int fd) { return sync_as("fdatasync", fd); }
