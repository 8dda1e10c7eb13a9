#include "controller/world/curl_library.h"

#include <dlfcn.h>

namespace poolshift {
namespace {

template <class Function>
bool Find(void* opened, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(opened, name));
  return function != nullptr;
}

CurlLibrary LoadLibrary() {
  CurlLibrary curl;
  void* const opened = ::dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  curl.ready = opened != nullptr && Find(opened, "curl_global_init", curl.global_init) &&
               Find(opened, "curl_easy_init", curl.init) &&
               Find(opened, "curl_easy_cleanup", curl.cleanup) &&
               Find(opened, "curl_easy_setopt", curl.set) &&
               Find(opened, "curl_easy_perform", curl.perform) &&
               Find(opened, "curl_easy_getinfo", curl.info) &&
               Find(opened, "curl_easy_strerror", curl.text) &&
               Find(opened, "curl_slist_append", curl.append) &&
               Find(opened, "curl_slist_free_all", curl.free_all) &&
               curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return curl;
}

}  // namespace

const CurlLibrary& Curl() {
  static const CurlLibrary library = LoadLibrary();
  return library;
}

}  // namespace poolshift
