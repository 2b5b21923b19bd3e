// A disk of its own for a test that fills it: a tmpfs, which takes root to
// mount. Gone with the object.
#ifndef TOCSIN_TESTS_UNIT_SMALL_DISK_H_
#define TOCSIN_TESTS_UNIT_SMALL_DISK_H_

#include <stdlib.h>
#include <sys/mount.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace tocsin {

class SmallDisk {
 public:
  SmallDisk() {
    std::string path =
        (std::filesystem::temp_directory_path() / "tocsin-disk-XXXXXX")
            .string();
    if (mkdtemp(path.data()) == nullptr) return;
    path_ = path;
    mounted_ = mount("tocsin", path.c_str(), "tmpfs", 0, "size=16m") == 0;
    if (!mounted_) why_ = std::strerror(errno);
  }
  ~SmallDisk() {
    if (mounted_) umount2(path_.c_str(), MNT_DETACH);
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool mounted() const { return mounted_; }
  // Why it is not.
  const std::string& why() const { return why_; }
  const std::string& path() const { return path_; }

  uint64_t Free() const { return std::filesystem::space(path_).available; }
  // So that exactly so much is free, of whole pages. Others may be writing, so
  // it is tried until it is right.
  void SetFree(uint64_t bytes) {
    int result = -1;
    for (int i = 0; i < 100 && result != 0; ++i) {
      const std::filesystem::space_info now = std::filesystem::space(path_);
      const std::string size =
          absl::StrCat("size=", now.capacity - now.available + bytes);
      result =
          mount("tocsin", path_.c_str(), "tmpfs", MS_REMOUNT, size.c_str());
    }
    ASSERT_EQ(result, 0) << std::strerror(errno);
  }

 private:
  std::string path_;
  std::string why_;
  bool mounted_ = false;
};

}  // namespace tocsin

#endif  // TOCSIN_TESTS_UNIT_SMALL_DISK_H_
