#include "controller/notify/letter_text.h"

#include <algorithm>

#include "controller/model/digest.h"
#include "controller/model/whole_letters.h"
#include <openssl/evp.h>

namespace poolshift::notify {
namespace {

std::string Base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

// One line without controls, as an encoded word where it is not ASCII (RFC 2047), in pieces short
// enough for one.
std::string HeaderText(std::string text) {
  constexpr std::size_t kLongest = 240;
  for (char& letter : text) {
    if (static_cast<unsigned char>(letter) < ' ' || letter == '\x7f') letter = ' ';
  }
  text.resize(WholeLetters(text, kLongest));
  const bool ascii = std::all_of(text.begin(), text.end(), [](char letter) {
    return static_cast<unsigned char>(letter) < 0x80;
  });
  if (ascii && text.find("=?") == std::string::npos) return text;
  std::string encoded;
  constexpr std::size_t kPiece = 42;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size =
        std::max<std::size_t>(1, WholeLetters(std::string_view(text).substr(at), kPiece));
    encoded += (encoded.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") +
               Base64(std::string_view(text).substr(at, size)) + "?=";
    at += size;
  }
  return encoded;
}

std::string Lines(const std::string& base64) {
  constexpr std::size_t kLine = 76;
  std::string text;
  for (std::size_t at = 0; at < base64.size(); at += kLine)
    text += base64.substr(at, kLine) + "\r\n";
  return text;
}

}  // namespace

std::string LetterText(const Event& event,
                       const std::string& from,
                       const std::vector<std::string>& to,
                       const std::string& subject,
                       const std::string& body) {
  std::string all;
  for (const std::string& each : to)  // a line each
    all += (all.empty() ? "" : ",\r\n ") + HeaderText(each);
  constexpr std::size_t kDigits = 32;
  return "From: " + HeaderText(from) + "\r\nTo: " + all + "\r\nSubject: " + HeaderText(subject) +
         "\r\nDate: " +
         absl::FormatTime("%a, %d %b %Y %H:%M:%S +0000", event.at, absl::UTCTimeZone()) +
         "\r\nMessage-ID: <" + Digest(event.organization + '\n' + event.key).substr(0, kDigits) +
         "@poolshift>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
         "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
         Lines(Base64(body));
}

}  // namespace poolshift::notify
