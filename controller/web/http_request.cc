#include "controller/web/http_request.h"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "controller/web/answers.h"

namespace poolshift {
namespace {

std::string_view ValueOf(MHD_Connection* connection, MHD_ValueKind kind, std::string_view name) {
  const char* value = MHD_lookup_connection_value(connection, kind, std::string(name).c_str());
  return value == nullptr ? std::string_view() : value;
}

// One field of a form; a long one comes in pieces.
MHD_Result OnField(void* fields,
                   MHD_ValueKind /*kind*/,
                   const char* name,
                   const char* /*file*/,
                   const char* /*type*/,
                   const char* /*encoding*/,
                   const char* data,
                   std::uint64_t offset,
                   std::size_t size) {
  if (name == nullptr) return MHD_NO;  // a part without a name
  auto& form = *static_cast<std::vector<std::pair<std::string, std::string>>*>(fields);
  if (offset == 0) form.emplace_back(name, "");
  if (form.empty()) return MHD_NO;
  form.back().second.append(data, size);
  return MHD_YES;
}

// Nothing for a body that is no form.
void ReadForm(MHD_Connection* connection, WebRequest& request) {
  constexpr std::size_t kBuffer = 4096;
  const std::string_view type = ValueOf(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_TYPE);
  if (!type.starts_with("application/x-www-form-urlencoded")) return;
  MHD_PostProcessor* processor =
      MHD_create_post_processor(connection, kBuffer, &OnField, &request.form);
  if (processor == nullptr) return;
  const bool read =
      MHD_post_process(processor, request.body.data(), request.body.size()) == MHD_YES;
  MHD_destroy_post_processor(processor);
  if (!read) request.form.clear();
}

}  // namespace

WebRequest RequestOf(MHD_Connection* connection,
                     const char* method,
                     const char* path,
                     std::string body,
                     const PageSite& site) {
  WebRequest request;
  request.method = method;
  request.path = path;
  for (const std::string_view name : kReadHeaders)
    request.headers[std::string(name)] = ValueOf(connection, MHD_HEADER_KIND, name);
  request.session =
      ValueOf(connection, MHD_COOKIE_KIND, SessionCookie(site, request.Header("host")));
  request.invitation = ValueOf(connection, MHD_GET_ARGUMENT_KIND, "invitation");
  request.too_large = body.size() > PushHook::kLargestBody;
  if (!request.too_large) request.body = std::move(body);
  if (!request.body.empty() && request.path != kHookPath) ReadForm(connection, request);
  return request;
}

}  // namespace poolshift
