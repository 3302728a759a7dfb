/* Kills the process at a commit boundary, or after a time.
 *
 * Loaded with LD_PRELOAD. Calls of fdatasync and fsync are counted together.
 *   KILL_AT=N            SIGKILL at the Nth call
 *   KILL_WHEN=before     before the call (default), or "after" it has returned
 *   KILL_AFTER_US=N      SIGKILL N microseconds after the start
 *   KILL_COUNT=FILE      at a regular end, the number of calls is written there
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_long calls;
static long kill_at;
static int kill_after_call;

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static void *timer(void *us) {
    usleep((useconds_t)(long)us);
    die();
    return NULL;
}

__attribute__((constructor)) static void start(void) {
    const char *at = getenv("KILL_AT"), *when = getenv("KILL_WHEN"), *us = getenv("KILL_AFTER_US");
    kill_at = at ? atol(at) : 0;
    kill_after_call = when && strcmp(when, "after") == 0;
    if (us) {
        pthread_t thread;
        pthread_create(&thread, NULL, timer, (void *)atol(us));
    }
}

__attribute__((destructor)) static void end(void) {
    const char *path = getenv("KILL_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (file) {
        fprintf(file, "%ld\n", atomic_load(&calls));
        fclose(file);
    }
}

static int synced(long call, int fd) {
    long number = atomic_fetch_add(&calls, 1) + 1;
    if (number == kill_at && !kill_after_call) die();
    int result = (int)syscall(call, fd);
    if (number == kill_at && kill_after_call) die();
    return result;
}

int fdatasync(int fd) { return synced(SYS_fdatasync, fd); }
int fsync(int fd) { return synced(SYS_fsync, fd); }
