#include "tests/provider/stage.h"

#include <chrono>
#include <filesystem>
#include <thread>

#include "controller/model/digest.h"

namespace poolshift {

PluginOptions Stage::OptionsFor(const std::string& fault) {
  const std::string program = scratch_.Path("plugins/poolshift-provider-" + fault);
  std::filesystem::create_directories(scratch_.Path("plugins"));
  std::filesystem::create_directories(scratch_.Path("state"));
  std::error_code exists;
  std::filesystem::create_symlink(POOLSHIFT_TEST_DIR "/misbehaving-provider", program, exists);
  PluginOptions options;
  options.name = "p";
  options.type = fault;
  options.plugin_directory = scratch_.Path("plugins");
  options.read_only = false;
  options.log = [this](std::string_view, std::string_view line) {
    const std::lock_guard lock(mutex_);
    log_.emplace_back(line);
  };
  return options;
}

PluginConfiguration Stage::Configuration() const {
  PluginConfiguration configuration;
  configuration.organization = "contoso";
  configuration.state_directory = scratch_.Path("state");
  configuration.base_directory = scratch_.path();
  return configuration;
}

absl::StatusOr<std::unique_ptr<Provider>> Stage::Start(const std::string& fault) {
  return Start(OptionsFor(fault), Configuration());
}

absl::StatusOr<std::unique_ptr<Provider>> Stage::Start(const PluginOptions& options,
                                                       const PluginConfiguration& configuration) {
  return StartPlugin(world(), options, configuration);
}

std::vector<std::string> Stage::Log() const {
  const std::lock_guard lock(mutex_);
  return log_;
}

std::string Stage::WaitForLog(const std::string& start) const {
  for (;;) {
    for (const std::string& line : Log()) {
      if (line.rfind(start, 0) == 0) return line.substr(start.size());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

ApplyRequest SwitchOff() {
  ApplyRequest request;
  request.organization = "contoso";
  request.key = "k";
  request.token = 1;
  request.deadline = absl::Seconds(20);
  request.action.verb = Verb::kUpdate;
  request.action.target = {"Switch", "hall"};
  request.action.before = Value::Map{{"value", "on"}};
  request.action.after = Value::Map{{"value", "off"}};
  request.action.precondition_revision = RevisionOf(request.action.before);
  return request;
}

}  // namespace poolshift
