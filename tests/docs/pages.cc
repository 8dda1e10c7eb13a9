#include "tests/docs/pages.h"

#include <vector>

#include "controller/federation/kinds.h"
#include "controller/federation/listed_kinds.h"
#include "controller/federation/rule.h"
#include "controller/provider/manual_steps.h"

namespace poolshift {
namespace {

// A cell of a table: a bar would end it, and an angle bracket would begin HTML.
std::string Cell(std::string_view text) {
  std::string cell;
  for (const char letter : text) {
    if (letter == '|') cell += "\\|";
    if (letter == '<') cell += "&lt;";
    if (letter != '|' && letter != '<') cell += letter;
  }
  return cell;
}

std::string Row(const std::vector<std::string>& cells) {
  std::string row = "|";
  for (const std::string& cell : cells)
    row += ' ' + cell + " |";
  return row + '\n';
}

std::string Code(std::string_view text) { return '`' + std::string(text) + '`'; }

std::string_view TypeName(PropertySchema::Type type) {
  switch (type) {
    case PropertySchema::Type::kBoolean:
      return "boolean";
    case PropertySchema::Type::kInteger:
      return "integer";
    case PropertySchema::Type::kString:
      return "string";
    case PropertySchema::Type::kList:
      return "list";
    case PropertySchema::Type::kMap:
      return "map";
  }
  return "";
}

std::string Properties(const KindSchema& schema) {
  std::string text = Row({"property", "type", "", "meaning"}) + Row({"---", "---", "---", "---"});
  for (const PropertySchema& property : schema.properties) {
    const std::string use = property.computed ? "computed" : property.required ? "required" : "";
    text += Row(
        {Code(property.name), std::string(TypeName(property.type)), use, Cell(property.meaning)});
  }
  return text;
}

// The contract of the provider protocol's List.
std::string ListedSection() {
  std::string text =
      "\n## What can be listed\n\n"
      "A platform may list the entities that it knows, so that `poolshift import` can write "
      "manifests ([import](import.md)). Every\nproperty is optional: what the platform cannot know "
      "is left out. Designations are not listed, they are observed.\n\n";
  text += Row({"entity", "property", "type", "meaning"}) + Row({"---", "---", "---", "---"});
  for (const KindSchema& schema : listed::Schemas()) {
    text += Row({Code(schema.kind + '/' + schema.name_form), "", "", Cell(schema.meaning)});
    for (const PropertySchema& property : schema.properties) {
      text += Row(
          {"", Code(property.name), std::string(TypeName(property.type)), Cell(property.meaning)});
    }
  }
  return text;
}

}  // namespace

std::string KindsPage() {
  std::string page =
      "# Kinds of resources\n"
      "\n"
      "A kind is the contract between the domain and every provider: a small typed resource that "
      "any platform can show and,\nwhen it is writable, change. Plans, observations, records and "
      "messages speak of nothing else. The exact semantics of\neach are in "
      "[`kinds.h`](../controller/federation/kinds.h), from which a test prints this page.\n"
      "\n"
      "- Names of pools and servers are FQDNs as the platform knows them, names of sites are the "
      "platform's.\n"
      "- *Required*: in every observation that says \"present\"; a change sets it, unless the kind "
      "is observed only. *Computed*:\n  only observed, never part of a change or of the "
      "revision (but for the `owner` of a record set).\n"
      "- *By hand*: there are written steps for a person, so that the provider type `manual` can "
      "take the kind over\n  ([manual steps](manual-steps.md)).\n"
      "- `sim` serves every kind, `dns` serves `DnsRecordSet`, [`lync`](lync.md) what the "
      "Management Shell knows, `host` serves `EdgeService`,\n"
      "  `Certificate`, `Streams` and `Fence`, `xmpp` and `sip` serve `EdgeService`, `Certificate` "
      "and `Streams`, `probe` serves `Reachability`.\n"
      "\n";
  page += Row({"kind", "what it is", "changes", "by hand"}) + Row({"---", "---", "---", "---"});
  for (const KindSchema& schema : kinds::KindSchemas()) {
    page += Row({"[" + schema.kind + "](#" +
                     [&] {
                       std::string anchor;
                       for (const char letter : schema.kind)
                         anchor += static_cast<char>(letter >= 'A' && letter <= 'Z' ? letter + 32
                                                                                    : letter);
                       return anchor;
                     }() +
                     ")",
                 Cell(schema.meaning),
                 schema.writable ? "writable" : "observed only",
                 HasManualSteps(schema.kind) ? "yes" : ""});
  }
  for (const KindSchema& schema : kinds::KindSchemas()) {
    page += "\n## " + schema.kind + "\n\nName: `" + schema.kind + '/' + schema.name_form + "`\n\n" +
            Properties(schema);
  }
  return page + ListedSection();
}

namespace {

constexpr SipOrder kOrders[] = {
    SipOrder::kAtomic, SipOrder::kDetach, SipOrder::kSwapThenRoute, SipOrder::kMakeBeforeBreak};

// Under which procedure and order of a SIP move: asked of the rule for each.
std::string HoldsWith(const Rule& rule) {
  using Procedure = Policy::Procedure;
  if (!Holds(rule.id, Procedure::kServeFirst, SipOrder::kAtomic)) return "`procedure: documented`";
  if (!Holds(rule.id, Procedure::kDocumented, SipOrder::kAtomic))
    return "`procedure: serve-first`; " + std::string(rule.elsewhere);
  std::string with, without;
  for (const SipOrder order : kOrders) {
    std::string& list = Holds(rule.id, Procedure::kServeFirst, order) ? with : without;
    list += (list.empty() ? "" : ", ") + Code(Name(order));
  }
  if (without.empty())
    return rule.elsewhere.empty() ? "all" : "all; " + std::string(rule.elsewhere);
  return "`sipOrder` " + with + "; with " + without + ' ' + std::string(rule.elsewhere);
}

std::string RulesThat(Rule::Severity severity) {
  std::string table = Row({"rule", "what it says", "form", "holds with", "kept by", "source"}) +
                      Row({"---", "---", "---", "---", "---", "---"});
  for (const Rule& rule : Rules()) {
    if (rule.severity != severity) continue;
    const bool makes = rule.clauses == Rule::Clauses::kMade;
    table += Row({std::string(rule.id),
                  Cell(rule.text),
                  std::string(Name(rule.form)),
                  Cell(HoldsWith(rule)),
                  makes ? "clauses" : Cell(rule.kept),
                  Cell(rule.source)});
  }
  return table;
}

}  // namespace

std::string RulesPage() {
  std::string page =
      "# Rules\n"
      "\n"
      "Every rule that a plan keeps, a refusal cites or a difference breaks, as declared in\n"
      "[`rule_table.cc`](../controller/federation/rule_table.cc) and "
      "[`rule_invariants.cc`](../controller/federation/rule_invariants.cc), from which a test "
      "prints "
      "this "
      "page. The orders of plans come from\nthis table and from nowhere else: a rule that is kept "
      "*by clauses* becomes clauses and gates of the planning problem\n([planner](planner.md)), "
      "made in the rule's name; a rule that is not says by what it is kept instead.\n"
      "\n"
      "Forms: an *implication* lets one state wait for another; *exactly one* counts; a "
      "*watermark* waits until a\nreplica holds what was written; a *bracket* gives back what it "
      "takes away, or keeps everything else out of a window; a\n*gate* waits until something is "
      "seen; a *lock* lets one go at a time; a *check* is made before anything is planned.\n"
      "\n"
      "In *source*, `000` to `004` and `P1` are Microsoft's pages ([source "
      "pages](source-pages.md)), "
      "`RFC` is the standard. `I`\n(invariant), `D` (decision), `F` (fault of a page) and `c` "
      "(order of work) number the domain study that the rules were\ntaken from, `k` its section on "
      "servers other than Lync's; where the output "
      "of a command cites `I-8`, the row `I-8` below is meant.\n"
      "\n"
      "*Holds with* says under which `procedure` and `sipOrder` of the Policy the row holds as its "
      "heading says, and what holds\nunder the others. With `sipOrder: auto` the plan says which "
      "order was taken. `procedure: documented` adds two rows and\ndrops D2.\n"
      "\n"
      "## In every state\n"
      "\n"
      "These hold in every state of every order in which a plan can be carried out, after a crash "
      "and after a lost reply,\nunless they were broken before it began; then no step makes them "
      "worse.\n"
      "\n";
  page += RulesThat(Rule::Severity::kEveryState);
  page +=
      "\n## At rest\n"
      "\n"
      "These hold in what is declared and, once a plan has ended, in what is observed. On the way "
      "they may be broken.\n"
      "\n";
  page += RulesThat(Rule::Severity::kAtRest);
  page +=
      "\n## Readiness\n"
      "\n"
      "These say whether the next move can succeed. A plan that needs one is refused or warns.\n"
      "\n";
  page += RulesThat(Rule::Severity::kReadiness);
  return page;
}

}  // namespace poolshift
