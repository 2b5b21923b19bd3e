// Reads the values of fields off a subject; nullopt is a value that is absent.
// Results refer to the subject.
#ifndef TOCSIN_FILTER_FIELD_VALUES_H_
#define TOCSIN_FILTER_FIELD_VALUES_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "filter/field_table.h"
#include "filter/subject.h"

namespace tocsin {

// Of a field that is one text.
std::optional<absl::string_view> TextOf(FieldId field, const Subject& subject);

// Numbers, enums, booleans and times, each as a number; times in microseconds
// since 1970.
std::optional<double> NumberOf(FieldId field, const Subject& subject);

std::optional<absl::string_view> LabelOf(absl::string_view key,
                                         const Subject& subject);

// Of any field, those with several values and those that hold others too.
bool IsPresent(FieldId field, const Subject& subject);

}  // namespace tocsin

#endif  // TOCSIN_FILTER_FIELD_VALUES_H_
