#include "providers/probe/wire/agent_message.h"

#include "gmock/gmock.h"

namespace poolshift::probe {
namespace {

using ::testing::HasSubstr;

TEST(AgentMessage, RequestSurvivesTheWay) {
  Request request;
  request.patience = absl::Milliseconds(4200);
  request.deadline = absl::Seconds(9);
  Question sip{.id = 0,
               .host = "203.0.113.11",
               .port = 5061,
               .speech = Speech::kSip,
               .names = {"sip.contoso.test"},
               .type = ""};
  Question srv{.id = 1,
               .resolve = true,
               .host = "_xmpp-server._tcp.contoso.test",
               .names = {},
               .type = "SRV"};
  request.questions = {sip, srv};
  const absl::StatusOr<Request> read = DecodeRequest(EncodeRequest(request));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, request);
}

TEST(AgentMessage, AnswerSurvivesTheWay) {
  Answer answer;
  answer.id = 7;
  answer.state = State::kOpen;
  answer.spoke = true;
  answer.certificate_names = {"a.test", "b.test"};
  answer.certificate_not_after = "2027-01-01T00:00:00Z";
  answer.evidence = "open in 3 ms; SIP 200 OK";
  answer.at = 1'800'000'000;
  answer.found = true;
  answer.records = {"203.0.113.11"};
  answer.ttl = 60;
  answer.disagreement = "they differ";
  const absl::StatusOr<AgentLine> read = DecodeAgentLine(EncodeAnswer(answer));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->kind, AgentLine::Kind::kAnswer);
  EXPECT_EQ(read->answer, answer);
  EXPECT_EQ(DecodeAgentLine(EncodeEnd())->kind, AgentLine::Kind::kEnd);
  EXPECT_EQ(DecodeAgentLine(EncodeRefusal("no \xff"))->kind, AgentLine::Kind::kRefused);
}

TEST(AgentMessage, WrongRequestsAreNamed) {
  const std::string begin =
      R"({"poolshift-probe":1,"patience_ms":5000,"deadline_ms":9000,"questions":)";
  std::string many = "[";
  for (int i = 0; i < 1001; ++i)
    many += (i == 0 ? "{}" : ",{}");
  const struct {
    const char* name;
    std::string line;
    const char* fault;
  } cases[] = {
      {"empty", "", "not JSON"},
      {"no JSON", "GET / HTTP/1.1", "not JSON"},
      {"no object", "[1]", "is no object"},
      {"other version",
       R"({"poolshift-probe":2,"patience_ms":5000,"deadline_ms":9})",
       "poolshift-probe"},
      {"no patience", R"({"poolshift-probe":1,"deadline_ms":9})", "patience_ms` is missing"},
      {"patience of letters",
       R"({"poolshift-probe":1,"patience_ms":"5","deadline_ms":9})",
       "patience_ms"},
      {"patience of a fraction",
       R"({"poolshift-probe":1,"patience_ms":50.5,"deadline_ms":9})",
       "patience_ms"},
      {"patience without end",
       R"({"poolshift-probe":1,"patience_ms":18446744073709551615,"deadline_ms":9})",
       "patience_ms"},
      {"negative deadline",
       R"({"poolshift-probe":1,"patience_ms":50,"deadline_ms":-1})",
       "deadline_ms"},
      {"no questions", R"({"poolshift-probe":1,"patience_ms":50,"deadline_ms":9})", "questions"},
      {"too many questions", begin + many + "]}", "questions"},
      {"question without id", begin + R"([{"host":"a","port":1,"speech":"tcp"}]})", "id"},
      {"id out of range", begin + R"([{"id":1000,"host":"a","port":1,"speech":"tcp"}]})", "id"},
      {"no host", begin + R"([{"id":0,"port":1,"speech":"tcp"}]})", "host"},
      {"port 0", begin + R"([{"id":0,"host":"a","port":0,"speech":"tcp"}]})", "port"},
      {"port too large", begin + R"([{"id":0,"host":"a","port":65536,"speech":"tcp"}]})", "port"},
      {"unknown speech", begin + R"([{"id":0,"host":"a","port":1,"speech":"smtp"}]})", "speech"},
      {"names of numbers",
       begin + R"([{"id":0,"host":"a","port":1,"speech":"sip","names":[1]}]})",
       "names"},
      {"unknown type", begin + R"([{"id":0,"host":"a","resolve":true,"type":"AXFR"}]})", "type"},
      {"bad UTF-8",
       begin + "[{\"id\":0,\"host\":\"\xff\",\"port\":1,\"speech\":\"tcp\"}]}",
       "not JSON"},
      {"too long", std::string(kLongestRequest + 1, ' '), "too long"},
  };
  for (const auto& each : cases) {
    SCOPED_TRACE(each.name);
    const absl::StatusOr<Request> read = DecodeRequest(each.line);
    ASSERT_FALSE(read.ok());
    EXPECT_THAT(std::string(read.status().message()), HasSubstr(each.fault));
  }
}

TEST(AgentMessage, WrongAnswersAreNamed) {
  for (const char* line : {"",
                           "null",
                           "[]",
                           "{}",
                           R"({"id":0})",
                           R"({"id":0,"state":"ajar"})",
                           R"({"id":-1,"state":"open"})",
                           R"({"id":0,"state":"open","names":"a"})"}) {
    EXPECT_FALSE(DecodeAgentLine(line).ok()) << line;
  }
  EXPECT_FALSE(DecodeAgentLine(std::string(kLongestAnswer + 1, ' ')).ok());
  // Deep nesting costs nothing.
  EXPECT_FALSE(DecodeAgentLine(std::string(60000, '[')).ok());
}

TEST(AgentMessage, WhatPeopleReadIsPrintable) {
  const auto read = DecodeAgentLine(R"({"id":0,"state":"open","evidence":"a\u001b[31m\u00e4"})");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->answer.evidence, "a?[31m??");
}

}  // namespace
}  // namespace poolshift::probe
