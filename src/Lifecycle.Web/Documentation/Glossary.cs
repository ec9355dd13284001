namespace Lifecycle.Web.Documentation;

/// <summary>
/// Names that mean the same wherever an answer has them. A field that means something of its own says so beside its
/// record, and that is shown instead.
/// </summary>
internal static class Glossary
{
    private static readonly Dictionary<string, string> Meanings = new()
    {
        ["after"] = "What the receipt said.",
        ["amount_minor"] = "An amount in the smallest unit of its currency, such as cents.",
        ["as_of"] = "The instant that the answer is true for.",
        ["at"] = "The instant it was decided for.",
        ["available"] = "Points that can be redeemed now.",
        ["available_at"] = "When the points can be redeemed; null for points owed.",
        ["basis"] = "Which amounts and which time it counts by.",
        ["category"] = "The category of the goods.",
        ["cause"] = "Why it happened, a stable name.",
        ["code"] = "A stable name for programs; the text beside it is for people.",
        ["count"] = "How many there are.",
        ["created_at"] = "When it was made.",
        ["credit"] = "The account that the points went to.",
        ["currency"] = "A code of ISO 4217 in capitals.",
        ["customer"] = "The customer's id, as it was asked for.",
        ["data"] = "The public data of the input. Private data is sealed and not shown.",
        ["debit"] = "The account that the points came from.",
        ["definition"] = "What the numbers mean.",
        ["detail"] = "For a person: what it is and what to do.",
        ["discount_minor"] = "Discounts, in the smallest unit of the currency.",
        ["effects"] = "What followed from the input, in order.",
        ["errors"] = "By field, where fields are wrong.",
        ["expired"] = "Points that expired.",
        ["expires_at"] = "When what of it is left expires; null for never.",
        ["field"] = "The name of the number or text.",
        ["gross_minor"] = "The amount with tax and shipping, in the smallest unit of the currency.",
        ["held"] = "Points set aside by a hold.",
        ["historical"] = "Decided at its own time: a back-fill.",
        ["id"] = "Unique for customer and source, for ever.",
        ["item"] = "The quarantined event, without its body.",
        ["kind"] = "Which of the alternatives this is.",
        ["name"] = "Its name.",
        ["net_minor"] = "The amount without tax and shipping, in the smallest unit of the currency.",
        ["next_change_at"] = "When something of the customer changes without an input; null for never.",
        ["next_cursor"] = "For the next page; null on the last.",
        ["occurred_at"] = "When it happened, as its sender says.",
        ["order"] = "The order's key within the customer: 16 hexadecimal digits; null where no order is meant.",
        ["pending"] = "Points that were earned and are not available yet.",
        ["points"] = "How many points.",
        ["position"] = "The position in the journal that the answer is true for.",
        ["program_version"] = "The version of the program that it was decided under.",
        ["quantity"] = "Units.",
        ["reason"] = "Why: the rule or the name of what led to it.",
        ["receipt"] = "The receipt, of a duplicate the first one.",
        ["recorded_at"] = "When it was written to the journal.",
        ["redeemed"] = "Points that were redeemed.",
        ["returns"] = "How many returns.",
        ["roles"] = "What the key may do.",
        ["rule"] = "The rule or the reference that it goes back to; null where there is none.",
        ["seq"] = "The number of the entry within its customer, from 1.",
        ["since"] = "Since when.",
        ["source"] = "The channel or system that sent it.",
        ["stage"] = "The name of the stage of the lifecycle.",
        ["times"] = "How often it came.",
        ["title"] = "A short name for people.",
        ["type"] = "What kind of thing it is, a stable name.",
        ["units"] = "Units of goods.",
        ["version"] = "The customer's last seq.",
        ["warnings"] = "What somebody should look at.",
    };

    public static string? Find(string name) => Meanings.GetValueOrDefault(name);
}
