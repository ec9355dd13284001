# Read by ./test and ./run. Whether a project that needs Orleans restores here; orleans_absence says why it does not.

orleans_absence=

# orleans_restores PROJECT. Asks the package sources only when what the last restore found is not there any more.
orleans_restores() {
    local project=$1 folder=${1%/*} cluster packages version known log
    cluster=$(dirname "${BASH_SOURCE[0]}")
    packages=${NUGET_PACKAGES:-$HOME/.nuget/packages}
    version=$(sed -n 's:.*<OrleansVersion>\(.*\)</OrleansVersion>.*:\1:p' "$cluster/Orleans.props")
    known=$folder/obj/project.assets.json
    if [[ -d $packages/microsoft.orleans.runtime/$version && $known -nt $project && $known -nt $cluster/Orleans.props &&
        $known -nt $cluster/Lifecycle.Cluster.csproj && $known -nt $cluster/../../Directory.Packages.props ]] &&
        grep -q "\"Microsoft.Orleans.Runtime/$version\"" "$known" && ! grep -q '"level": "Error"' "$known"; then
        return 0
    fi
    if log=$(dotnet restore "$project" -p:WithOrleans=true --verbosity quiet 2>&1); then return 0; fi
    case $log in
        *NU1301* | *NU1801*) orleans_absence="the package source that should have Orleans $version cannot be reached" ;;
        *NU110[0-9]*Orleans*) orleans_absence="no package source here has Orleans $version" ;;
        *) orleans_absence="its packages do not restore: $(grep -m1 -o 'error.*' <<<"$log" || echo "$log")" ;;
    esac
    return 1
}
