/* A power cut for one process: what it wrote to a file counts only once it has asked for that file to be on disk.
 *
 * Loaded by LD_PRELOAD. Writes to files whose name contains $CUT_NAME go their way, and are also kept in order, for
 * each file; fsync or fdatasync of the file brings them into its twin in the folder $CUT_FOLDER. After a SIGKILL the
 * twins are what a disk holds that kept nothing it was not made to keep. A file's removal counts with the next sync of
 * any file, as on a journalling file system. "-shm" is left out: SQLite makes it anew.
 *
 * cc -shared -fPIC -O1 -o powerloss.so powerloss.c -ldl -lpthread. For one process that writes without mmap or O_DIRECT.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { FILES = 64 };

struct change {
    off_t at;      /* where it was written, or the new length */
    ssize_t size;  /* of the bytes; -1 for a new length */
    struct change *next;
    char bytes[];
};

static struct file {
    char name[NAME_MAX + 1];
    int removed;
    struct change *first, **last;
} files[FILES];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static const char *followed(const char *path) {
    const char *wanted = getenv("CUT_NAME"), *name = strrchr(path, '/');
    name = name ? name + 1 : path;
    return wanted && getenv("CUT_FOLDER") && strstr(name, wanted) && !strstr(name, "-shm") ? name : NULL;
}

static struct file *by_name(const char *name) {
    for (struct file *file = files; file < files + FILES; file++) {
        if (!file->name[0]) {
            strncpy(file->name, name, NAME_MAX);
            file->last = &file->first;
        }
        if (!strcmp(file->name, name)) return file;
    }
    abort();
}

static struct file *of_descriptor(int fd) {
    char link[40], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return NULL;
    path[length] = 0;
    const char *name = followed(path);
    return name ? by_name(name) : NULL;
}

static void keep(int fd, off_t at, const void *bytes, ssize_t size) {
    pthread_mutex_lock(&lock);
    struct file *file = of_descriptor(fd);
    if (file) {
        struct change *change = malloc(sizeof *change + (size > 0 ? size : 0));
        *change = (struct change){at, size, NULL};
        if (size > 0) memcpy(change->bytes, bytes, size);
        *file->last = change;
        file->last = &change->next;
    }
    pthread_mutex_unlock(&lock);
}

static void twin(char *path, const char *name) {
    snprintf(path, PATH_MAX, "%s/%s", getenv("CUT_FOLDER"), name);
}

static void settle(int fd) {
    char path[PATH_MAX];
    pthread_mutex_lock(&lock);
    struct file *file = of_descriptor(fd);
    if (file) {
        for (struct file *gone = files; gone < files + FILES && gone->name[0]; gone++)
            if (gone->removed) {
                twin(path, gone->name);
                NEXT(unlink)(path);
                gone->removed = 0;
            }
        twin(path, file->name);
        int to = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (to < 0) abort();
        for (struct change *change = file->first, *after; change; change = after) {
            after = change->next;
            if (change->size < 0 ? NEXT(ftruncate)(to, change->at)
                                 : NEXT(pwrite)(to, change->bytes, change->size, change->at) != change->size)
                abort();
            free(change);
        }
        file->first = NULL;
        file->last = &file->first;
        close(to);
    }
    pthread_mutex_unlock(&lock);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) {
    ssize_t done = NEXT(pwrite)(fd, bytes, size, at);
    if (done > 0) keep(fd, at, bytes, done);
    return done;
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) { return pwrite(fd, bytes, size, at); }

ssize_t write(int fd, const void *bytes, size_t size) {
    off_t at = lseek(fd, 0, SEEK_CUR);
    ssize_t done = NEXT(write)(fd, bytes, size);
    if (done > 0 && at >= 0) keep(fd, at, bytes, done);
    return done;
}

int ftruncate(int fd, off_t length) {
    int failed = NEXT(ftruncate)(fd, length);
    if (!failed) keep(fd, length, NULL, -1);
    return failed;
}

int ftruncate64(int fd, off64_t length) { return ftruncate(fd, length); }

int unlink(const char *path) {
    int failed = NEXT(unlink)(path);
    const char *name = failed ? NULL : followed(path);
    if (name) {
        pthread_mutex_lock(&lock);
        struct file *file = by_name(name);
        file->removed = 1;
        for (struct change *change = file->first, *after; change; change = after) {
            after = change->next;
            free(change);
        }
        file->first = NULL;
        file->last = &file->first;
        pthread_mutex_unlock(&lock);
    }
    return failed;
}

int fsync(int fd) {
    int failed = NEXT(fsync)(fd);
    if (!failed) settle(fd);
    return failed;
}

int fdatasync(int fd) {
    int failed = NEXT(fdatasync)(fd);
    if (!failed) settle(fd);
    return failed;
}
