#include "providers/lync/winrm/channel.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "providers/lync/winrm/one_line.h"
#include "providers/lync/winrm/soap.h"

namespace poolshift::lync::winrm {
namespace {

// More than the envelope that we ask for is no answer to us.
constexpr std::size_t kLargestAnswer = std::size_t{2} * kEnvelopeSize;
constexpr std::size_t kLargestHeaders = 65536;

constexpr long kNotAllowed = 401;

void Add(const std::string& word, CurlWords& words) {
  words.reset(Curl().append(words.release(), word.c_str()));
}

curl_blob BlobOf(const sdk::Secret& secret) {
  // With CURL_BLOB_COPY it is only read.
  return {const_cast<char*>(secret.Reveal().data()), secret.Reveal().size(), CURL_BLOB_COPY};
}

struct Meaning {
  CURLcode code;
  const char* advice;
};

constexpr std::array<Meaning, 9> kMeanings = {{
    {CURLE_COULDNT_RESOLVE_HOST, "its name does not resolve; declare its address"},
    {CURLE_COULDNT_CONNECT, "nothing listens there, or this machine has no route to it"},
    {CURLE_OPERATION_TIMEDOUT, "nothing answers there"},
    {CURLE_PEER_FAILED_VERIFICATION,
     "its certificate is not vouched for by the declared CA, has run out, or is for another name"},
    {CURLE_SSL_PINNEDPUBKEYNOTMATCH,
     "it does not show the public key that is pinned for it; find out why before you pin another"},
    {CURLE_SSL_CERTPROBLEM, "the client certificate and its key cannot be used"},
    {CURLE_SSL_CACERT_BADFILE, "the declared CA file cannot be used"},
    {CURLE_SSL_CONNECT_ERROR,
     "it does not speak TLS 1.2 there, or refuses us (WinRM without TLS is never spoken to)"},
    {CURLE_SSL_ISSUER_ERROR, "its certificate is not vouched for by the declared CA"},
}};

}  // namespace

// What libcurl's callbacks see of one request.
struct Channel::Exchange {
  std::string_view rest;  // of the request, not sent yet
  std::string_view whole;
  bool begun = false;       // something of it was handed to the connection
  bool lost = false;        // libcurl wanted to send it again, on another connection
  bool too_large = false;   // the answer
  long status = 0;          // of the newest answer
  std::size_t headers = 0;  // bytes
  std::string body;
  std::array<char, CURL_ERROR_SIZE> words = {};

  static std::size_t Send(char* bytes, std::size_t size, std::size_t count, void* self) {
    auto& exchange = *static_cast<Exchange*>(self);
    const std::size_t taken = std::min(size * count, exchange.rest.size());
    std::memcpy(bytes, exchange.rest.data(), taken);
    exchange.rest.remove_prefix(taken);
    exchange.begun |= taken > 0;
    return taken;
  }

  // libcurl repeats a request whose kept-alive connection was lost before an answer. What was sent
  // may have been carried out: only one that was answered with 401 may go out again.
  static int Rewind(void* self, curl_off_t offset, int origin) {
    auto& exchange = *static_cast<Exchange*>(self);
    if (exchange.status != kNotAllowed || origin != SEEK_SET || offset != 0) {
      exchange.lost = true;
      return CURL_SEEKFUNC_FAIL;
    }
    exchange.rest = exchange.whole;
    return CURL_SEEKFUNC_OK;
  }

  static std::size_t Header(char* bytes, std::size_t size, std::size_t count, void* self) {
    auto& exchange = *static_cast<Exchange*>(self);
    const std::string line(bytes, size * count);
    exchange.headers += line.size();
    int status = 0;
    if (std::sscanf(line.c_str(), "HTTP/%*s %d", &status) == 1) {
      exchange.status = status;
      exchange.body.clear();
    }
    exchange.too_large |= exchange.headers > kLargestHeaders;
    return exchange.too_large ? 0 : line.size();
  }

  static std::size_t Body(char* bytes, std::size_t size, std::size_t count, void* self) {
    auto& exchange = *static_cast<Exchange*>(self);
    exchange.too_large |= exchange.body.size() + size * count > kLargestAnswer;
    if (exchange.too_large) return 0;  // ends the exchange
    exchange.body.append(bytes, size * count);
    return size * count;
  }
};

Channel::Channel(Target target) : target_(std::move(target)), url_(UrlOf(target_)) {}

absl::Status Channel::Open() {
  if (handle_ != nullptr) return absl::OkStatus();
  handle_.reset(Curl().ready ? Curl().init() : nullptr);
  if (handle_ == nullptr) return absl::UnavailableError(kNoCurl);
  CURL* const handle = handle_.get();
  const auto& set = Curl().set;
  Add("Content-Type: application/soap+xml;charset=UTF-8", headers_);
  Add("Expect:", headers_);  // no question before a large request
  // The machine's name is what TLS and Kerberos are told; where it is reached is another thing.
  const bool is_v6 = absl::StrContains(target_.address, ":");
  Add(absl::StrCat(target_.name,
                   ":",
                   target_.port,
                   ":",
                   is_v6 ? "[" : "",
                   target_.address,
                   is_v6 ? "]" : "",
                   ":",
                   target_.port),
      route_);
  set(handle, CURLOPT_URL, url_.c_str());
  set(handle, CURLOPT_CONNECT_TO, route_.get());
  set(handle, CURLOPT_PROTOCOLS_STR, "https");
  set(handle, CURLOPT_FOLLOWLOCATION, 0L);
  set(handle, CURLOPT_PROXY, "");
  set(handle, CURLOPT_NOSIGNAL, 1L);
  set(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(handle, CURLOPT_TCP_KEEPALIVE, 1L);
  set(handle,
      CURLOPT_CONNECTTIMEOUT_MS,
      static_cast<long>(absl::ToInt64Milliseconds(target_.connect_timeout)));
  set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  // None of the authorities that this machine believes for the web.
  set(handle, CURLOPT_CAPATH, static_cast<char*>(nullptr));
  set(handle,
      CURLOPT_CAINFO,
      target_.ca_file.empty() ? static_cast<const char*>(nullptr) : target_.ca_file.c_str());
  // A pinned key is that machine, whoever signed its certificate and for whatever name.
  set(handle, CURLOPT_SSL_VERIFYPEER, target_.ca_file.empty() ? 0L : 1L);
  set(handle, CURLOPT_SSL_VERIFYHOST, target_.ca_file.empty() ? 0L : 2L);
  if (!target_.pin.empty()) set(handle, CURLOPT_PINNEDPUBLICKEY, target_.pin.c_str());
  set(handle, CURLOPT_POST, 1L);
  set(handle, CURLOPT_READFUNCTION, &Exchange::Send);
  set(handle, CURLOPT_SEEKFUNCTION, &Exchange::Rewind);
  set(handle, CURLOPT_HEADERFUNCTION, &Exchange::Header);
  set(handle, CURLOPT_WRITEFUNCTION, &Exchange::Body);
  SetLogin();
  set(handle, CURLOPT_HTTPHEADER, headers_.get());
  return absl::OkStatus();
}

void Channel::SetLogin() {
  CURL* const handle = handle_.get();
  const auto& set = Curl().set;
  if (target_.login == Login::kBasic) {
    std::string password(target_.password->Reveal());
    set(handle, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    set(handle, CURLOPT_USERNAME, target_.user.c_str());
    set(handle, CURLOPT_PASSWORD, password.c_str());
    ::explicit_bzero(password.data(), password.size());
  } else if (target_.login == Login::kNegotiate) {
    set(handle, CURLOPT_HTTPAUTH, CURLAUTH_NEGOTIATE);
    set(handle, CURLOPT_USERNAME, "");  // the ticket says who we are
    set(handle,
        CURLOPT_GSSAPI_DELEGATION,
        static_cast<long>(target_.delegate ? CURLGSSAPI_DELEGATION_POLICY_FLAG
                                           : CURLGSSAPI_DELEGATION_NONE));
  } else {
    curl_blob certificate = BlobOf(*target_.certificate);
    curl_blob key = BlobOf(*target_.key);
    set(handle, CURLOPT_SSLCERT_BLOB, &certificate);
    set(handle, CURLOPT_SSLKEY_BLOB, &key);
    // How WS-Management names it (DSP0226 annex C.3).
    Add("Authorization: http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual",
        headers_);
  }
}

absl::StatusOr<std::string> Channel::Post(const std::string& envelope, absl::Time deadline) {
  const absl::Duration left = deadline - absl::Now();
  if (left <= absl::ZeroDuration()) return absl::UnavailableError("there is no time left");
  if (absl::Status opened = Open(); !opened.ok()) return opened;
  Exchange exchange;
  exchange.whole = exchange.rest = envelope;
  CURL* const handle = handle_.get();
  const auto& set = Curl().set;
  set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(envelope.size()));
  set(handle, CURLOPT_TIMEOUT_MS, std::max(1L, static_cast<long>(absl::ToInt64Milliseconds(left))));
  set(handle, CURLOPT_READDATA, &exchange);
  set(handle, CURLOPT_SEEKDATA, &exchange);
  set(handle, CURLOPT_HEADERDATA, &exchange);
  set(handle, CURLOPT_WRITEDATA, &exchange);
  set(handle, CURLOPT_ERRORBUFFER, exchange.words.data());
  const int code = Curl().perform(handle);
  set(handle, CURLOPT_ERRORBUFFER, static_cast<char*>(nullptr));
  return Judge(code, exchange);
}

absl::StatusOr<std::string> Channel::Judge(int code, const Exchange& exchange) const {
  const std::string words = OneLine(exchange.words.data());
  if (code != CURLE_OK) {
    if (exchange.too_large)
      return absl::ResourceExhaustedError("it answers with more than a reply may have");
    if (!exchange.begun) return NotReached(code, words);
    if (code == CURLE_OPERATION_TIMEDOUT) return absl::DeadlineExceededError("no answer in time");
    return absl::UnknownError("the connection was lost before the answer was whole" +
                              (words.empty() || exchange.lost ? "" : " [" + words + ']'));
  }
  switch (exchange.status) {
    case 200:
    case 400:
    case 500:
      return exchange.body;
    case kNotAllowed:
    case 403:
      return absl::PermissionDeniedError(HowToLogIn());
    default:
      return absl::UnknownError(absl::StrCat(
          "it answers with status ",
          exchange.status,
          exchange.status >= 300 && exchange.status < 400 ? ", which is not followed" : "",
          ": is WinRM at ",
          url_,
          "?"));
  }
}

absl::Status Channel::NotReached(int code, const std::string& words) const {
  const auto* meaning = std::ranges::find(kMeanings, code, &Meaning::code);
  std::string text = "it cannot be reached over WinRM (" + ToString(target_) + ')';
  if (meaning != kMeanings.end()) absl::StrAppend(&text, ": ", meaning->advice);
  absl::StrAppend(
      &text, " [", words.empty() ? Curl().text(static_cast<CURLcode>(code)) : words.c_str(), "]");
  return absl::UnavailableError(text);
}

std::string Channel::HowToLogIn() const {
  const std::string text = "it lets nobody in over WinRM (" + ToString(target_) + "): ";
  switch (target_.login) {
    case Login::kBasic:
      return text +
             "it does not take this account with this password. Basic takes accounts of the "
             "machine "
             "itself, and must be on there: Set-Item WSMan:\\localhost\\Service\\Auth\\Basic $true";
    case Login::kNegotiate:
      return text + "it takes no Kerberos ticket of this process for HTTP/" + target_.name +
             ". `klist` must show one for an account that may log on there";
    case Login::kCertificate:
      return text +
             "it maps this client certificate to no account. Look at WSMan:\\localhost\\"
             "ClientCertificate, and at Service\\Auth\\Certificate there";
  }
  return text;
}

}  // namespace poolshift::lync::winrm
