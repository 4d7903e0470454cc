/** One field of a message: its JSON name and type; `map` = string keys to `type`. */
export interface Field {
  readonly name: string
  readonly type: string
  readonly repeated: boolean
  readonly map: boolean
}

/**
 * The fields that we read of temporal.api.* messages, as `number name type`; `*` = repeated, `map<T>` = from text to T.
 * A test compares the numbers with the API's own descriptors. Attributes of which nothing is read are `Empty`.
 */
const TABLE = {
  Empty: '',
  WorkflowExecutions: '1 items ExportedExecution*',
  ExportedExecution: '1 history History',
  History: '1 events HistoryEvent*',
  GetWorkflowExecutionHistoryResponse: '1 history History, 2 rawHistory DataBlob*',
  DataBlob: '2 data bytes',
  HistoryEvent: `
    1 eventId int64,
    2 eventTime Timestamp,
    6 workflowExecutionStartedEventAttributes WorkflowExecutionStartedEventAttributes,
    7 workflowExecutionCompletedEventAttributes WorkflowExecutionCompletedEventAttributes,
    8 workflowExecutionFailedEventAttributes WorkflowExecutionFailedEventAttributes,
    9 workflowExecutionTimedOutEventAttributes WorkflowExecutionTimedOutEventAttributes,
    10 workflowTaskScheduledEventAttributes Empty,
    11 workflowTaskStartedEventAttributes WorkflowTaskStartedEventAttributes,
    12 workflowTaskCompletedEventAttributes WorkflowTaskCompletedEventAttributes,
    13 workflowTaskTimedOutEventAttributes Empty,
    14 workflowTaskFailedEventAttributes WorkflowTaskFailedEventAttributes,
    15 activityTaskScheduledEventAttributes ActivityTaskScheduledEventAttributes,
    16 activityTaskStartedEventAttributes ActivityTaskStartedEventAttributes,
    17 activityTaskCompletedEventAttributes ActivityTaskCompletedEventAttributes,
    18 activityTaskFailedEventAttributes ActivityTaskFailedEventAttributes,
    19 activityTaskTimedOutEventAttributes ActivityTaskTimedOutEventAttributes,
    20 timerStartedEventAttributes Empty,
    21 timerFiredEventAttributes Empty,
    22 activityTaskCancelRequestedEventAttributes ActivityTaskCancelRequestedEventAttributes,
    23 activityTaskCanceledEventAttributes ActivityTaskCanceledEventAttributes,
    24 timerCanceledEventAttributes Empty,
    25 markerRecordedEventAttributes MarkerRecordedEventAttributes,
    26 workflowExecutionSignaledEventAttributes WorkflowExecutionSignaledEventAttributes,
    27 workflowExecutionTerminatedEventAttributes WorkflowExecutionTerminatedEventAttributes,
    28 workflowExecutionCancelRequestedEventAttributes WorkflowExecutionCancelRequestedEventAttributes,
    29 workflowExecutionCanceledEventAttributes Empty,
    30 requestCancelExternalWorkflowExecutionInitiatedEventAttributes Empty,
    31 requestCancelExternalWorkflowExecutionFailedEventAttributes Empty,
    32 externalWorkflowExecutionCancelRequestedEventAttributes Empty,
    33 workflowExecutionContinuedAsNewEventAttributes WorkflowExecutionContinuedAsNewEventAttributes,
    34 startChildWorkflowExecutionInitiatedEventAttributes StartChildWorkflowExecutionInitiatedEventAttributes,
    35 startChildWorkflowExecutionFailedEventAttributes StartChildWorkflowExecutionFailedEventAttributes,
    36 childWorkflowExecutionStartedEventAttributes ChildWorkflowExecutionStartedEventAttributes,
    37 childWorkflowExecutionCompletedEventAttributes ChildWorkflowExecutionCompletedEventAttributes,
    38 childWorkflowExecutionFailedEventAttributes ChildWorkflowExecutionFailedEventAttributes,
    39 childWorkflowExecutionCanceledEventAttributes ChildWorkflowExecutionCanceledEventAttributes,
    40 childWorkflowExecutionTimedOutEventAttributes ChildWorkflowExecutionTimedOutEventAttributes,
    41 childWorkflowExecutionTerminatedEventAttributes ChildWorkflowExecutionTerminatedEventAttributes,
    42 signalExternalWorkflowExecutionInitiatedEventAttributes SignalExternalWorkflowExecutionInitiatedEventAttributes,
    43 signalExternalWorkflowExecutionFailedEventAttributes Empty,
    44 externalWorkflowExecutionSignaledEventAttributes Empty,
    45 upsertWorkflowSearchAttributesEventAttributes UpsertWorkflowSearchAttributesEventAttributes,
    46 workflowExecutionUpdateAcceptedEventAttributes WorkflowExecutionUpdateAcceptedEventAttributes,
    47 workflowExecutionUpdateRejectedEventAttributes Empty,
    48 workflowExecutionUpdateCompletedEventAttributes WorkflowExecutionUpdateCompletedEventAttributes,
    49 workflowPropertiesModifiedExternallyEventAttributes Empty,
    50 activityPropertiesModifiedExternallyEventAttributes Empty,
    51 workflowPropertiesModifiedEventAttributes WorkflowPropertiesModifiedEventAttributes,
    52 workflowExecutionUpdateAdmittedEventAttributes WorkflowExecutionUpdateAdmittedEventAttributes,
    53 nexusOperationScheduledEventAttributes NexusOperationScheduledEventAttributes,
    54 nexusOperationStartedEventAttributes NexusOperationStartedEventAttributes,
    55 nexusOperationCompletedEventAttributes NexusOperationCompletedEventAttributes,
    56 nexusOperationFailedEventAttributes NexusOperationFailedEventAttributes,
    57 nexusOperationCanceledEventAttributes NexusOperationCanceledEventAttributes,
    58 nexusOperationTimedOutEventAttributes NexusOperationTimedOutEventAttributes,
    59 nexusOperationCancelRequestedEventAttributes Empty,
    60 workflowExecutionOptionsUpdatedEventAttributes Empty,
    61 nexusOperationCancelRequestCompletedEventAttributes Empty,
    62 nexusOperationCancelRequestFailedEventAttributes Empty,
    63 workflowExecutionPausedEventAttributes Empty,
    64 workflowExecutionUnpausedEventAttributes Empty,
    65 workflowExecutionTimeSkippingTransitionedEventAttributes Empty,
    301 userMetadata UserMetadata,
    302 links Link*`,
  WorkflowExecutionStartedEventAttributes: `
    1 workflowType WorkflowType, 2 parentWorkflowNamespace string, 3 parentWorkflowExecution WorkflowExecution,
    5 taskQueue TaskQueue, 6 input Payloads, 10 continuedExecutionRunId string, 11 initiator int32,
    14 originalExecutionRunId string, 15 identity string, 16 firstExecutionRunId string, 18 attempt int32,
    20 cronSchedule string, 22 memo Memo, 23 searchAttributes SearchAttributes, 28 workflowId string,
    30 completionCallbacks Callback*, 31 rootWorkflowExecution WorkflowExecution`,
  WorkflowExecutionCompletedEventAttributes: '1 result Payloads, 3 newExecutionRunId string',
  WorkflowExecutionFailedEventAttributes: '1 failure Failure, 2 retryState int32, 4 newExecutionRunId string',
  WorkflowExecutionTimedOutEventAttributes: '1 retryState int32, 2 newExecutionRunId string',
  WorkflowExecutionTerminatedEventAttributes: '1 reason string, 3 identity string',
  WorkflowExecutionContinuedAsNewEventAttributes: '1 newExecutionRunId string, 9 initiator int32',
  WorkflowExecutionCancelRequestedEventAttributes: '1 cause string, 4 identity string',
  WorkflowTaskStartedEventAttributes: '2 identity string, 6 workerVersion WorkerVersionStamp',
  WorkflowTaskCompletedEventAttributes: `
    3 identity string, 5 workerVersion WorkerVersionStamp, 6 sdkMetadata WorkflowTaskCompletedMetadata,
    11 deploymentVersion WorkerDeploymentVersion`,
  WorkflowTaskFailedEventAttributes: '3 cause int32, 6 baseRunId string, 7 newRunId string',
  ActivityTaskScheduledEventAttributes:
    '1 activityId string, 2 activityType ActivityType, 4 taskQueue TaskQueue, 6 input Payloads',
  ActivityTaskStartedEventAttributes: `
    1 scheduledEventId int64, 2 identity string, 4 attempt int32, 5 lastFailure Failure,
    6 workerVersion WorkerVersionStamp`,
  ActivityTaskCompletedEventAttributes:
    '1 result Payloads, 2 scheduledEventId int64, 3 startedEventId int64, 4 identity string',
  ActivityTaskFailedEventAttributes:
    '1 failure Failure, 2 scheduledEventId int64, 3 startedEventId int64, 5 retryState int32',
  ActivityTaskTimedOutEventAttributes:
    '1 failure Failure, 2 scheduledEventId int64, 3 startedEventId int64, 4 retryState int32',
  ActivityTaskCancelRequestedEventAttributes: '1 scheduledEventId int64',
  ActivityTaskCanceledEventAttributes: '3 scheduledEventId int64, 4 startedEventId int64, 5 identity string',
  MarkerRecordedEventAttributes: '1 markerName string, 2 details map<Payloads>, 5 failure Failure',
  StartChildWorkflowExecutionInitiatedEventAttributes:
    '1 namespace string, 2 workflowId string, 3 workflowType WorkflowType, 5 input Payloads',
  StartChildWorkflowExecutionFailedEventAttributes: `
    1 namespace string, 2 workflowId string, 3 workflowType WorkflowType, 4 cause int32, 6 initiatedEventId int64`,
  ChildWorkflowExecutionStartedEventAttributes: `
    1 namespace string, 2 initiatedEventId int64, 3 workflowExecution WorkflowExecution,
    4 workflowType WorkflowType`,
  ChildWorkflowExecutionCompletedEventAttributes: `
    1 result Payloads, 2 namespace string, 3 workflowExecution WorkflowExecution, 4 workflowType WorkflowType,
    5 initiatedEventId int64`,
  ChildWorkflowExecutionFailedEventAttributes: `
    1 failure Failure, 2 namespace string, 3 workflowExecution WorkflowExecution, 4 workflowType WorkflowType,
    5 initiatedEventId int64`,
  ChildWorkflowExecutionCanceledEventAttributes: `
    2 namespace string, 3 workflowExecution WorkflowExecution, 4 workflowType WorkflowType,
    5 initiatedEventId int64`,
  ChildWorkflowExecutionTimedOutEventAttributes: `
    1 namespace string, 2 workflowExecution WorkflowExecution, 3 workflowType WorkflowType,
    4 initiatedEventId int64`,
  ChildWorkflowExecutionTerminatedEventAttributes: `
    1 namespace string, 2 workflowExecution WorkflowExecution, 3 workflowType WorkflowType,
    4 initiatedEventId int64`,
  WorkflowExecutionSignaledEventAttributes: `
    1 signalName string, 2 input Payloads, 3 identity string, 6 externalWorkflowExecution WorkflowExecution`,
  SignalExternalWorkflowExecutionInitiatedEventAttributes:
    '2 namespace string, 3 workflowExecution WorkflowExecution, 4 signalName string, 5 input Payloads',
  WorkflowExecutionUpdateAcceptedEventAttributes: '4 acceptedRequest Request',
  WorkflowExecutionUpdateCompletedEventAttributes: '1 meta Meta, 2 outcome Outcome, 3 acceptedEventId int64',
  WorkflowExecutionUpdateAdmittedEventAttributes: '1 request Request',
  NexusOperationScheduledEventAttributes: '1 endpoint string, 2 service string, 3 operation string, 4 input Payload',
  NexusOperationStartedEventAttributes: '1 scheduledEventId int64',
  NexusOperationCompletedEventAttributes: '1 scheduledEventId int64, 2 result Payload',
  NexusOperationFailedEventAttributes: '1 scheduledEventId int64, 2 failure Failure',
  NexusOperationTimedOutEventAttributes: '1 scheduledEventId int64, 2 failure Failure',
  NexusOperationCanceledEventAttributes: '1 scheduledEventId int64, 2 failure Failure',
  UpsertWorkflowSearchAttributesEventAttributes: '2 searchAttributes SearchAttributes',
  WorkflowPropertiesModifiedEventAttributes: '2 upsertedMemo Memo',
  Request: '1 meta Meta, 2 input Input',
  Meta: '1 updateId string',
  Input: '2 name string, 3 args Payloads',
  Outcome: '1 success Payloads, 2 failure Failure',
  WorkflowType: '1 name string',
  ActivityType: '1 name string',
  WorkflowExecution: '1 workflowId string, 2 runId string',
  TaskQueue: '1 name string',
  Payloads: '1 payloads Payload*',
  Payload: '1 metadata map<bytes>, 2 data bytes',
  Memo: '1 fields map<Payload>',
  SearchAttributes: '1 indexedFields map<Payload>',
  Callback: '2 nexus CallbackNexus',
  CallbackNexus: '2 header map<string>',
  Link: '1 workflowEvent WorkflowEvent',
  WorkflowEvent: '1 namespace string, 2 workflowId string, 3 runId string',
  WorkerVersionStamp: '1 buildId string',
  WorkerDeploymentVersion: '1 buildId string, 2 deploymentName string',
  WorkflowTaskCompletedMetadata: '3 sdkName string, 4 sdkVersion string',
  UserMetadata: '1 summary Payload',
  Failure: `
    1 message string, 2 source string, 3 stackTrace string, 4 cause Failure,
    5 applicationFailureInfo ApplicationFailureInfo, 6 timeoutFailureInfo TimeoutFailureInfo,
    7 canceledFailureInfo Empty, 8 terminatedFailureInfo Empty, 9 serverFailureInfo Empty,
    11 activityFailureInfo Empty, 12 childWorkflowExecutionFailureInfo Empty, 20 encodedAttributes Payload`,
  ApplicationFailureInfo: '1 type string, 2 nonRetryable bool',
  TimeoutFailureInfo: '1 timeoutType int32',
  Timestamp: '1 seconds int64, 2 nanos int32',
} as const satisfies Record<string, string>

export const MESSAGES: ReadonlyMap<string, ReadonlyMap<number, Field>> = new Map(
  Object.entries(TABLE).map(([name, fields]) => [name, new Map(fields.split(',').flatMap(parseField))]),
)

function parseField(text: string): [number, Field][] {
  const parts = /^\s*(\d+) (\w+) (map<)?(\w+)>?(\*)?\s*$/.exec(text)
  if (parts === null) return []
  const [, number, name = '', map, type = '', repeated] = parts
  return [[Number(number), { name, type, repeated: repeated !== undefined, map: map !== undefined }]]
}
