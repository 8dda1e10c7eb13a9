#include "providers/ssh/mux_wire.h"

#include "controller/model/try.h"

namespace poolshift::ssh::mux {
namespace {

constexpr std::uint32_t kUnixSocket = 0xfffffffe;  // stands where a port would
constexpr std::uint32_t kLocalForward = 1;
constexpr std::uint32_t kNoEscape = 0xffffffff;

void AppendNumber(std::uint32_t number, std::string& out) {
  for (const int shift : {24, 16, 8, 0})
    out += static_cast<char>(number >> shift & 0xff);
}

void AppendText(std::string_view text, std::string& out) {
  AppendNumber(static_cast<std::uint32_t>(text.size()), out);
  out += text;
}

std::uint32_t NumberAt(std::string_view bytes) {
  std::uint32_t number = 0;
  for (const char byte : bytes.substr(0, 4))
    number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

std::string Packet(Type type, const std::string& body) {
  std::string packet;
  AppendNumber(static_cast<std::uint32_t>(body.size() + 4), packet);
  AppendNumber(static_cast<std::uint32_t>(type), packet);
  return packet + body;
}

// Takes numbers and strings from the front.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  absl::StatusOr<std::uint32_t> Number() {
    if (bytes_.size() < 4) return Short();
    const std::uint32_t number = NumberAt(bytes_);
    bytes_.remove_prefix(4);
    return number;
  }

  absl::StatusOr<std::string> Text() {
    POOLSHIFT_ASSIGN(const std::uint32_t size, Number());
    if (bytes_.size() < size) return Short();
    std::string text(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    return text;
  }

 private:
  static absl::Status Short() {
    return absl::InternalError("ssh sent a message on its control socket that ends too early");
  }
  std::string_view bytes_;
};

absl::StatusOr<Message> Parse(std::string_view body) {
  Reader reader(body);
  Message message;
  POOLSHIFT_ASSIGN(const std::uint32_t type, reader.Number());
  message.type = static_cast<Type>(type);
  POOLSHIFT_ASSIGN(message.request, reader.Number());
  switch (message.type) {
    case Type::kPermissionDenied:
    case Type::kFailure: {
      POOLSHIFT_ASSIGN(message.reason, reader.Text());
      break;
    }
    case Type::kSessionOpened:
    case Type::kExitMessage: {
      POOLSHIFT_ASSIGN(message.value, reader.Number());
      break;
    }
    default:
      break;
  }
  return message;
}

}  // namespace

std::string Hello() {
  std::string body;
  AppendNumber(kVersion, body);
  return Packet(Type::kHello, body);
}

std::string NewSession(std::uint32_t request, std::string_view command_line) {
  std::string body;
  AppendNumber(request, body);
  AppendText("", body);
  for (int no = 0; no < 4; ++no)  // terminal, X11, agent, subsystem
    AppendNumber(0, body);
  AppendNumber(kNoEscape, body);
  AppendText("", body);  // type of terminal
  AppendText(command_line, body);
  return Packet(Type::kNewSession, body);
}

std::string OpenForward(std::uint32_t request,
                        const std::string& local_path,
                        const Remote& remote) {
  const bool is_socket = !remote.path.empty();
  std::string body;
  AppendNumber(request, body);
  AppendNumber(kLocalForward, body);
  AppendText(local_path, body);
  AppendNumber(kUnixSocket, body);
  AppendText(is_socket ? remote.path : remote.address, body);
  AppendNumber(is_socket ? kUnixSocket : remote.port, body);
  return Packet(Type::kOpenForward, body);
}

absl::StatusOr<std::optional<Message>> TakeMessage(std::string& bytes) {
  if (bytes.size() < 4) return std::nullopt;
  const std::uint32_t size = NumberAt(bytes);
  if (size > kLargestPacket)
    return absl::InternalError("ssh announced a message of " + std::to_string(size) +
                               " bytes on its control socket");
  if (bytes.size() - 4 < size) return std::nullopt;
  POOLSHIFT_ASSIGN(Message message, Parse(std::string_view(bytes).substr(4, size)));
  bytes.erase(0, std::size_t{4} + size);
  return message;
}

}  // namespace poolshift::ssh::mux
