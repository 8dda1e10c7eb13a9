#include "providers/probe/wire/agent_message.h"

#include <algorithm>
#include <optional>

#include "nlohmann/json.hpp"

namespace poolshift::probe {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestText = 1024;
constexpr std::size_t kMostTexts = 256;
constexpr std::int64_t kLongestTime = 600'000;  // ms

// Members of one object; the first that is missing or wrong is remembered.
class Members {
 public:
  Members(const Json& json, std::string& fault) : json_(json), fault_(fault) {
    if (!json.is_object()) Fault("the line", "is no object");
  }

  std::int64_t Integer(const char* key,
                       std::int64_t least,
                       std::int64_t most,
                       std::optional<std::int64_t> otherwise) {
    const Json* member = Find(key, otherwise.has_value());
    if (member == nullptr) return otherwise.value_or(least);
    const bool fits = member->is_number_integer() &&
                      (!member->is_number_unsigned() ||
                       member->get<std::uint64_t>() <= static_cast<std::uint64_t>(most)) &&
                      member->get<std::int64_t>() >= least && member->get<std::int64_t>() <= most;
    if (fits) return member->get<std::int64_t>();
    Fault(key, "is no number in its range");
    return least;
  }

  std::string Text(const char* key, bool optional = true) {
    const Json* member = Find(key, optional);
    if (member == nullptr) return "";
    return TextOf(*member, key);
  }

  bool Flag(const char* key) {
    const Json* member = Find(key, true);
    if (member == nullptr) return false;
    if (!member->is_boolean()) Fault(key, "is neither true nor false");
    return member->is_boolean() && member->get<bool>();
  }

  std::vector<std::string> Texts(const char* key) {
    std::vector<std::string> texts;
    const Json* member = Find(key, true);
    if (member == nullptr) return texts;
    if (!member->is_array() || member->size() > kMostTexts) {
      Fault(key, "is no list, or too long");
      return texts;
    }
    for (const Json& item : *member)
      texts.push_back(TextOf(item, key));
    return texts;
  }

  void Fault(std::string_view where, std::string_view what) {
    if (fault_.empty()) fault_ = '`' + std::string(where) + "` " + std::string(what);
  }

 private:
  const Json* Find(const char* key, bool optional) {
    const auto found = json_.is_object() ? json_.find(key) : json_.end();
    if (json_.is_object() && found != json_.end()) return &*found;
    if (!optional) Fault(key, "is missing");
    return nullptr;
  }

  std::string TextOf(const Json& value, const char* key) {
    if (value.is_string()) {
      const std::string& text = value.get_ref<const std::string&>();
      // What comes from outside is shown to people.
      if (text.size() <= kLongestText) return Printable(text, kLongestText);
    }
    Fault(key, "is no text, or too long");
    return "";
  }

  const Json& json_;
  std::string& fault_;
};

template <typename Enum, std::size_t size>
Enum WordOf(const Enum (&all)[size], Members& members, const char* key) {
  const std::string word = members.Text(key, false);
  for (const Enum each : all) {
    if (Name(each) == word) return each;
  }
  members.Fault(key, "is no word of this protocol");
  return all[0];
}

constexpr Speech kSpeeches[] = {Speech::kTcp, Speech::kTls, Speech::kSip, Speech::kXmpp};
constexpr State kStates[] = {
    State::kBlind, State::kOpen, State::kRefused, State::kFiltered, State::kUnreachable};
constexpr std::string_view kTypes[] = {"A", "AAAA", "SRV", "TXT"};

Question DecodeQuestion(const Json& json, std::string& fault) {
  Members members(json, fault);
  Question question;
  question.id = static_cast<int>(members.Integer("id", 0, kMostQuestions - 1, std::nullopt));
  question.host = members.Text("host", false);
  question.resolve = members.Flag("resolve");
  if (question.resolve) {
    question.type = members.Text("type", false);
    if (std::find(std::begin(kTypes), std::end(kTypes), question.type) == std::end(kTypes))
      members.Fault("type", "is none of A, AAAA, SRV, TXT");
    return question;
  }
  question.port = static_cast<int>(members.Integer("port", 1, 65535, std::nullopt));
  question.speech = WordOf(kSpeeches, members, "speech");
  question.names = members.Texts("names");
  return question;
}

Answer DecodeAnswer(const Json& json, std::string& fault) {
  Members members(json, fault);
  Answer answer;
  answer.id = static_cast<int>(members.Integer("id", 0, kMostQuestions - 1, std::nullopt));
  answer.state = WordOf(kStates, members, "state");
  answer.spoke = members.Flag("spoke");
  answer.certificate_names = members.Texts("names");
  answer.certificate_not_after = members.Text("not_after");
  answer.evidence = members.Text("evidence");
  answer.at = members.Integer("at", 0, std::int64_t{1} << 40U, 0);
  answer.found = members.Flag("found");
  answer.records = members.Texts("records");
  answer.ttl = members.Integer("ttl", 0, 0x7fffffff, 0);
  answer.disagreement = members.Text("disagreement");
  return answer;
}

absl::StatusOr<Json> Parse(std::string_view line, std::size_t longest) {
  if (line.size() > longest) return absl::InvalidArgumentError("the line is too long");
  Json json = Json::parse(line, nullptr, false);
  if (json.is_discarded()) return absl::InvalidArgumentError("the line is not JSON");
  return json;
}

std::string Line(const Json& json) {
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

}  // namespace

std::string EncodeRequest(const Request& request) {
  Json questions = Json::array();
  for (const Question& question : request.questions) {
    Json json{{"id", question.id}, {"host", question.host}};
    if (question.resolve) {
      json["resolve"] = true;
      json["type"] = question.type;
    } else {
      json["port"] = question.port;
      json["speech"] = std::string(Name(question.speech));
      json["names"] = question.names;
    }
    questions.push_back(std::move(json));
  }
  return Line({{"poolshift-probe", 1},
               {"patience_ms", absl::ToInt64Milliseconds(request.patience)},
               {"deadline_ms", absl::ToInt64Milliseconds(request.deadline)},
               {"questions", std::move(questions)}});
}

std::string EncodeAnswer(const Answer& answer) {
  Json json{{"id", answer.id},
            {"state", std::string(Name(answer.state))},
            {"evidence", answer.evidence},
            {"at", answer.at}};
  if (answer.spoke) json["spoke"] = true;
  if (!answer.certificate_names.empty()) json["names"] = answer.certificate_names;
  if (!answer.certificate_not_after.empty()) json["not_after"] = answer.certificate_not_after;
  if (answer.found) {
    json["found"] = true;
    json["records"] = answer.records;
    json["ttl"] = answer.ttl;
  }
  if (!answer.disagreement.empty()) json["disagreement"] = answer.disagreement;
  return Line(json);
}

std::string EncodeEnd() { return R"({"end":1})"; }

std::string EncodeRefusal(std::string_view why) { return Line({{"refused", std::string(why)}}); }

absl::StatusOr<Request> DecodeRequest(std::string_view line) {
  const absl::StatusOr<Json> json = Parse(line, kLongestRequest);
  if (!json.ok()) return json.status();
  std::string fault;
  Members members(*json, fault);
  members.Integer("poolshift-probe", 1, 1, std::nullopt);
  Request request;
  request.patience =
      absl::Milliseconds(members.Integer("patience_ms", 10, kLongestTime, std::nullopt));
  request.deadline =
      absl::Milliseconds(members.Integer("deadline_ms", 0, kLongestTime, std::nullopt));
  if (fault.empty() && (!json->contains("questions") || !(*json)["questions"].is_array() ||
                        (*json)["questions"].size() > kMostQuestions))
    members.Fault("questions", "is no list of at most 1000");
  if (!fault.empty()) return absl::InvalidArgumentError(fault);
  for (const Json& each : (*json)["questions"]) {
    request.questions.push_back(DecodeQuestion(each, fault));
    if (!fault.empty()) return absl::InvalidArgumentError(fault);
  }
  return request;
}

absl::StatusOr<AgentLine> DecodeAgentLine(std::string_view line) {
  const absl::StatusOr<Json> json = Parse(line, kLongestAnswer);
  if (!json.ok()) return json.status();
  AgentLine read;
  std::string fault;
  Members members(*json, fault);
  if (json->is_object() && json->contains("refused")) {
    read.kind = AgentLine::Kind::kRefused;
    read.refusal = members.Text("refused");
  } else if (json->is_object() && json->contains("end")) {
    read.kind = AgentLine::Kind::kEnd;
  } else {
    read.answer = DecodeAnswer(*json, fault);
  }
  if (!fault.empty()) return absl::InvalidArgumentError(fault);
  return read;
}

}  // namespace poolshift::probe
