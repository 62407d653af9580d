// Two numbers.
typedef struct { double a, b; } zg_pair;

// Four numbers.
typedef struct { double a, b, c, d; } zg_four;

// Three numbers.
typedef struct { double a, b, c; } zg_triple;

// Whether an index is one of `count`.
static bool zg_inside(int64_t index, int64_t count) {
    return index >= 0 && index < count;
}

// Memory for `count` elements: the old one, if it suffices. NULL if there is none.
static void *zg_array(void *old, int64_t *room, int64_t count, size_t size) {
    if (count < 1) {
        count = 1;
    }
    if (old != NULL && count <= *room) {
        return old;
    }
    free(old);
    *room = 0;
    if ((uint64_t)count > SIZE_MAX / size) {
        return NULL;
    }
    void *made = malloc((size_t)count * size);
    if (made != NULL) {
        *room = count;
    }
    return made;
}

// The same with the elements that it has. NULL, and the old one stays, if there is no memory.
static void *zg_more(void *old, int64_t *room, int64_t count, size_t size) {
    if (old != NULL && count <= *room) {
        return old;
    }
    const int64_t wanted = count < 8 ? 8 : 2 * count;
    if ((uint64_t)wanted > SIZE_MAX / size) {
        return NULL;
    }
    void *made = realloc(old, (size_t)wanted * size);
    if (made != NULL) {
        *room = wanted;
    }
    return made;
}

// The sign of an integer.
static int64_t zg_sign_int(int64_t n) {
    return (n > 0) - (n < 0);
}

// The larger integer.
static int64_t zg_max_int(int64_t a, int64_t b) {
    return a > b ? a : b;
}

// The smaller integer.
static int64_t zg_min_int(int64_t a, int64_t b) {
    return a < b ? a : b;
}
