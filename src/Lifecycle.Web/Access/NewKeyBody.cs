using System.ComponentModel.DataAnnotations;
using Lifecycle.Web.Documentation;

namespace Lifecycle.Web.Access;

/// <summary>A key to make.</summary>
/// <remarks>For the documentation: bodies are read without it.</remarks>
/// <param name="Name">What the key is for.</param>
/// <param name="Roles">What it may do.</param>
public sealed record NewKeyBody(
    [property: StringLength(KeyEndpoints.NameMax, MinimumLength = 1)] string Name,
    [property: ClosedSet(typeof(Roles)), MinLength(1)] IReadOnlyList<string> Roles);
