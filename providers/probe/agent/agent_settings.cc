#include "providers/probe/agent/agent_settings.h"

#include <charconv>
#include <functional>
#include <map>
#include <sstream>

#include "fmt/format.h"

namespace poolshift::probe {
namespace {

using Words = std::vector<std::string>;

bool ReadNumber(std::string_view text, int least, int most, int& number) {
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  return error == std::errc() && end == last && number >= least && number <= most;
}

class Lines {
 public:
  Lines(const std::string& folder, std::vector<std::string>& faults)
      : folder_(folder), faults_(faults) {}

  void Read(std::string_view text) {
    std::istringstream stream{std::string(text)};
    for (std::string line; std::getline(stream, line);) {
      ++number_;
      std::istringstream words(line.substr(0, line.find('#')));
      Words read;
      for (std::string word; words >> word;)
        read.push_back(word);
      if (!read.empty()) ReadLine(read);
    }
    CheckWhole();
  }

  AgentSettings Take() { return std::move(settings_); }

 private:
  void Fault(const std::string& what) {
    faults_.push_back(fmt::format("line {}: {}", number_, what));
  }
  void Missing(const std::string& what) { faults_.push_back(what); }

  std::string Path(const std::string& file) const {
    return file[0] == '/' ? file : folder_ + '/' + file;
  }

  // A line of one word of value that may come once.
  void Once(const Words& words,
            std::string& value,
            const std::function<std::string(std::string)>& read) {
    if (words.size() != 2) return Fault(fmt::format("`{}` takes one value", words[0]));
    if (!value.empty()) return Fault(fmt::format("`{}` is said twice", words[0]));
    value = read(words[1]);
  }

  void ReadLine(const Words& words) {
    const std::string& word = words[0];
    const auto path = [this](const std::string& file) { return Path(file); };
    const auto plain = [](std::string text) { return text; };
    const std::map<std::string, std::string*, std::less<>> files{
        {"certificate", &settings_.link.certificate},
        {"key", &settings_.link.key},
        {"ca", &settings_.link.trust},
        {"probe-certificate", &settings_.shown.certificate},
        {"probe-key", &settings_.shown.key},
        {"trust", &settings_.shown.trust}};
    if (const auto found = files.find(word); found != files.end())
      return Once(words, *found->second, path);
    if (word == "from") return Once(words, settings_.from, plain);
    if (word == "listen") return ReadListen(words);
    if (word == "controller")
      return ReadEach(words, [&](const std::string& name) {
        settings_.controllers.push_back(name);
        return true;
      });
    if (word == "zone")
      return ReadEach(words, [&](const std::string& zone) {
        settings_.inventory.AllowNames(zone);
        return true;
      });
    if (word == "resolver") return ReadPlaces(words, 53, settings_.resolvers);
    if (word == "reference") return ReadPlaces(words, 0, settings_.references);
    if (word == "allow") return ReadAllow(words);
    if (word == "at-once") {
      if (words.size() != 2 || !ReadNumber(words[1], 1, 1000, settings_.at_once))
        Fault("`at-once` takes a number from 1 to 1000");
      return;
    }
    Fault(fmt::format("`{}` is unknown", Printable(word, 40)));
  }

  void ReadEach(const Words& words, const std::function<bool(const std::string&)>& read) {
    if (words.size() < 2) Fault(fmt::format("`{}` takes at least one value", words[0]));
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (!read(words[i]))
        Fault(fmt::format("`{}` cannot be `{}`", words[0], Printable(words[i], 60)));
    }
  }

  void ReadPlaces(const Words& words, int port, std::vector<HostPort>& places) {
    ReadEach(words, [&](const std::string& text) {
      HostPort place;
      const bool read = ReadHostPort(text, port, place);
      if (read) places.push_back(place);
      return read;
    });
  }

  void ReadListen(const Words& words) {
    if (words.size() != 2 || !ReadHostPort(words[1], 7269, settings_.listen))
      Fault("`listen` takes an address and port: 192.0.2.7:7269");
  }

  void ReadAllow(const Words& words) {
    std::vector<int> ports;
    for (std::size_t i = 2; i < words.size(); ++i) {
      int port = 0;
      if (!ReadNumber(words[i], 1, 65535, port))
        return Fault(fmt::format("`{}` is no port", Printable(words[i], 20)));
      ports.push_back(port);
    }
    if (words.size() < 2) return Fault("`allow` takes an address, network or host name, and ports");
    const std::string fault = settings_.inventory.Allow(words[1], std::move(ports));
    if (!fault.empty()) Fault(Printable(fault));
  }

  void CheckWhole() {
    if (settings_.inventory.is_empty())
      Missing("no `allow` line: name each address and its ports; nothing else is looked at");
    if (settings_.from.empty())
      Missing("no `from` line: name the domain that probes speak for, such as probe.example.net");
    if (settings_.shown.certificate.empty() != settings_.shown.key.empty())
      Missing("`probe-certificate` and `probe-key` go together");
    if (settings_.shown.trust.empty())
      Missing(
          "no `trust` line: name the file of CA certificates that partners trust (Debian's is "
          "/etc/ssl/certs/ca-certificates.crt)");
    if (settings_.listen.address.empty()) return;
    for (const auto& [word, missing] :
         {std::pair("certificate", settings_.link.certificate.empty()),
          std::pair("key", settings_.link.key.empty()),
          std::pair("ca", settings_.link.trust.empty()),
          std::pair("controller", settings_.controllers.empty())}) {
      if (missing) Missing(fmt::format("`listen` needs a `{}` line", word));
    }
  }

  const std::string& folder_;
  std::vector<std::string>& faults_;
  int number_ = 0;
  AgentSettings settings_;
};

}  // namespace

bool ReadHostPort(std::string_view text, int port, HostPort& place) {
  std::string_view address = text, number;
  if (!text.empty() && text[0] == '[') {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return false;
    address = text.substr(1, end - 1);
    if (end + 1 < text.size()) {
      if (text[end + 1] != ':') return false;
      number = text.substr(end + 2);
      if (number.empty()) return false;
    }
  } else if (const std::size_t colon = text.find(':');
             colon != std::string_view::npos &&
             text.find(':', colon + 1) == std::string_view::npos) {
    address = text.substr(0, colon);
    number = text.substr(colon + 1);
    if (number.empty()) return false;
  }
  place.port = port;
  if (!number.empty() && !ReadNumber(number, 1, 65535, place.port)) return false;
  Network network;
  if (place.port == 0 || address.find('/') != std::string_view::npos ||
      !ReadNetwork(address, network))
    return false;
  place.address = address;
  return true;
}

AgentSettings ReadAgentSettings(std::string_view text,
                                const std::string& folder,
                                std::vector<std::string>& faults) {
  Lines lines(folder, faults);
  lines.Read(text);
  return lines.Take();
}

Eyes OpenEyes(const AgentSettings& settings, std::vector<std::string>& faults) {
  Eyes eyes;
  eyes.from = settings.from;
  eyes.resolvers = settings.resolvers;
  eyes.references = settings.references;
  eyes.at_once = settings.at_once;
  eyes.shows_certificate = !settings.shown.certificate.empty();
  absl::StatusOr<TlsContext> context = MakeTlsContext(settings.shown, false, false);
  if (context.ok()) {
    eyes.context = *std::move(context);
  } else {
    faults.emplace_back(context.status().message());
  }
  return eyes;
}

}  // namespace poolshift::probe
