#include "guard.h"

#include <malloc.h>

#include <climits>
#include <cstring>
#include <string>

namespace {

thread_local std::string last_error;

// Training allocates and frees the same large blocks in every step. With glibc's defaults each of them is an
// mmap and a munmap, whose page faults cost more than some layers; here they stay in the heap.
__attribute__((constructor)) void tune_malloc() {
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    mallopt(M_TOP_PAD, 64 << 20);
}

}  // namespace

void hw::set_error(const char* message) noexcept {
    try {
        last_error = message;
    } catch (...) {
        last_error.clear();
    }
}

// Copies the last error of this thread (UTF-8, truncated to capacity, not terminated); returns its full length.
HW_EXPORT int64_t hw_last_error(char* buffer, int64_t capacity) {
    if (buffer != nullptr && capacity > 0) {
        std::memcpy(buffer, last_error.data(), std::min<size_t>(last_error.size(), static_cast<size_t>(capacity)));
    }
    return static_cast<int64_t>(last_error.size());
}
