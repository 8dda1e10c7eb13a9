// libcurl, loaded by the first exchange: linked, with all that it needs, it costs each start of a
// program more than a small plan does, and few of them exchange anything. The only place that
// includes its header. Thread-safe; a handle belongs to one thread at a time.
#pragma once

#include <memory>

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

namespace poolshift {

struct CurlLibrary {
  decltype(&::curl_global_init) global_init = nullptr;
  decltype(&::curl_easy_init) init = nullptr;
  decltype(&::curl_easy_cleanup) cleanup = nullptr;
  decltype(&::curl_easy_setopt) set = nullptr;
  decltype(&::curl_easy_perform) perform = nullptr;
  decltype(&::curl_easy_getinfo) info = nullptr;
  decltype(&::curl_easy_strerror) text = nullptr;
  decltype(&::curl_slist_append) append = nullptr;
  decltype(&::curl_slist_free_all) free_all = nullptr;
  bool ready = false;  // else there is no libcurl.so.4 on this machine
};

inline constexpr const char* kNoCurl = "libcurl.so.4 cannot be loaded; install libcurl4";

const CurlLibrary& Curl();

struct CloseCurl {
  void operator()(CURL* handle) const { Curl().cleanup(handle); }
};
struct FreeCurlWords {
  void operator()(curl_slist* list) const { Curl().free_all(list); }
};
using CurlHandle = std::unique_ptr<CURL, CloseCurl>;
using CurlWords = std::unique_ptr<curl_slist, FreeCurlWords>;

}  // namespace poolshift
