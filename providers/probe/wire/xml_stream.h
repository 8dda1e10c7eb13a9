// XmlStream: the XML of XMPP (RFC 6120, section 4), read as it arrives: the opening tag of a
// stream, then whole elements, then its end.
//
// It knows the part of XML that XMPP allows: elements, attributes, text, namespaces, the five
// predefined entities. Comments, processing instructions, document types and CDATA are faults. What
// it keeps is limited: 64 KiB in all, 16 levels, 64 attributes a tag, 1,000 elements.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace poolshift::probe {

struct Element {
  std::string space, name;                                     // namespace and local name
  std::map<std::string, std::string, std::less<>> attributes;  // as written, declarations included
  std::string text;
  std::vector<Element> children;

  const Element* Child(std::string_view space, std::string_view name) const;
};

class XmlStream {
 public:
  enum class Next {
    kMore,     // feed it more
    kHeader,   // `element` is the opening tag of the stream
    kElement,  // `element` is a whole element inside
    kEnd,      // the stream was closed in order
    kFault,    // not well-formed, forbidden, or too much; `fault` says what
  };

  void Feed(std::string_view bytes);
  Next Read();
  const Element& element() const { return element_; }
  const std::string& fault() const { return fault_; }

 private:
  using Spaces = std::map<std::string, std::string, std::less<>>;  // prefix -> namespace

  struct Open {
    std::string written;  // prefix included
    Spaces spaces;
    Element element;
  };

  Next Fault(std::string_view why);
  Next ReadMarkup();
  Next ReadTag(std::string_view tag);
  Next CloseElement(std::string_view written);
  Next Finish(Element element);
  bool ReadAttributes(std::string_view text, Element& element);
  bool AddText(std::string_view text);
  std::size_t EndOfTag();

  std::string buffer_;
  std::size_t at_ = 0;  // what is read of it
  // What is looked through of a tag that is not all there, so that no byte is looked at twice.
  std::size_t scanned_ = 0;
  char quote_ = 0;
  std::size_t fed_ = 0;
  std::size_t elements_ = 0;
  std::vector<Open> open_;
  bool begun_ = false;
  bool ended_ = false;
  Element element_;
  std::string fault_;
};

}  // namespace poolshift::probe
